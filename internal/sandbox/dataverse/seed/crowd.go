package seed

import (
	"context"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// FillCrowded is Fill with as many more accounts, to try how an organization behaves that has grown large. They are as
// varied as a grown customer list, every owner has their share, and each has a number that tells it: "N-0000042".
func FillCrowded(ctx context.Context, db *engine.DB, org world.Organization, people []world.Person, now time.Time, accounts int) error {
	return db.Load(ctx, func(l *engine.Loader) error {
		f := newFiller(org, people, now, db.Model(), l.Insert)
		f.everything()
		f.crowd(accounts)
		return f.err
	})
}

func (f *filler) crowd(n int) {
	list, random := f.regions(), f.random
	for i := range n {
		if f.err != nil {
			return
		}
		r := list[random.IntN(len(list))]
		name := pick(f, nameHeads) + pick(f, nameTails) + " " + pick(f, sectors) + " " + strconv.Itoa(random.IntN(100_000)) + " " + pick(f, r.suffixes)
		row := engine.Row{
			"accountid": f.next("account"), "name": name, "accountnumber": CrowdNumber(i), "ownerid": f.responsible(r.unit).owner(),
			"telephone1": f.phone(r.prefix), "emailaddress1": "info@" + slug(name), "address1_city": pick(f, r.cities), "address1_country": r.country,
			"revenue": float64(random.IntN(5_000_000)), "numberofemployees": f.between(3, 5200),
			"createdon": f.before(1000), "modifiedon": f.before(60).Add(time.Duration(random.IntN(60)) * time.Second),
			"transactioncurrencyid": ref("transactioncurrency", currencyID(f.org, r.currency)),
		}
		if random.IntN(10) == 0 {
			row["statecode"], row["statuscode"] = 1, 2
		}
		f.insert("account", row)
	}
}

// CrowdNumber is the accountnumber of one of FillCrowded's accounts, from 0.
func CrowdNumber(n int) string {
	digits := strconv.Itoa(n)
	return "N-" + "0000000"[min(7, len(digits)):] + digits
}
