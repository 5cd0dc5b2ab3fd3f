package dataverse

import (
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The states of an opportunity that messages lead to.
const (
	opportunityWon  = 1
	opportunityLost = 2
	caseResolved    = 1
)

// winOpportunity closes an opportunity: {"Status": reason or -1, "OpportunityClose": activity}.
func (c *call) winOpportunity(_ written, given odata.Node) (reply, error) {
	return c.closeOpportunity(given, opportunityWon)
}

// loseOpportunity is the same with nothing sold.
func (c *call) loseOpportunity(_ written, given odata.Node) (reply, error) {
	return c.closeOpportunity(given, opportunityLost)
}

// closeOpportunity closes an opportunity with an activity that says how. What the activity leaves out comes from the
// opportunity: the revenue is the estimated one when it is won (the column actualvalue says so of itself), and the day is
// today.
func (c *call) closeOpportunity(given odata.Node, state int) (reply, error) {
	table, err := c.tableFor("opportunity", "WinOpportunity")
	if err != nil {
		return nil, err
	}
	p, about, err := c.closingActivity(given, "OpportunityClose", "opportunityid", "opportunity")
	if err != nil {
		return nil, err
	}
	now, err := c.x.Read("opportunity", about.ID, "name", "estimatedvalue", "transactioncurrencyid", "ownerid")
	if err != nil {
		return nil, err
	}
	earned := any(0.0)
	if state == opportunityWon {
		earned = now["estimatedvalue"]
	}
	if given, there := p.row["actualrevenue"]; there {
		earned = given
	}
	more := engine.Row{"actualvalue": earned, "actualclosedate": c.closedOn(p.row["actualend"])}
	if column := table.Column("msdyn_forecastcategory"); column != nil {
		more["msdyn_forecastcategory"] = 100000004 + state // won 100000005, lost 100000006
	}
	if err := c.x.SetState("opportunity", about.ID, state, statusOf(given), columnsOf(table, more)); err != nil {
		return nil, err
	}
	fill(p.row, engine.Row{
		"actualrevenue": earned, "transactioncurrencyid": now["transactioncurrencyid"], "subject": now["name"],
		"opportunitystatecode": map[int]string{opportunityWon: "Won", opportunityLost: "Lost"}[state],
	})
	return c.sendNothing, c.completed(p, about)
}

// closeIncident resolves a case: {"Status": reason or -1, "IncidentResolution": activity}.
func (c *call) closeIncident(_ written, given odata.Node) (reply, error) {
	if _, err := c.tableFor("incident", "CloseIncident"); err != nil {
		return nil, err
	}
	p, about, err := c.closingActivity(given, "IncidentResolution", "incidentid", "incident")
	if err != nil {
		return nil, err
	}
	if err := c.x.SetState("incident", about.ID, caseResolved, statusOf(given), nil); err != nil {
		return nil, err
	}
	now, err := c.x.Read("incident", about.ID, "title")
	if err != nil {
		return nil, err
	}
	fill(p.row, engine.Row{"subject": now["title"]})
	return c.sendNothing, c.completed(p, about)
}

// tableFor finds a table that a message is about; organizations may do without it.
func (c *call) tableFor(table, message string) (*schema.Table, error) {
	t := c.org.DB.Model().Table(table)
	if t == nil {
		return nil, notFound(message)
	}
	return t, nil
}

// closingActivity reads the activity that closes a row. The row is bound to it by an address, or by an object with its id.
func (c *call) closingActivity(given odata.Node, parameter, lookup, table string) (*payload, engine.Ref, error) {
	activity, err := c.tableFor(strings.ToLower(parameter), parameter)
	if err != nil {
		return nil, engine.Ref{}, err
	}
	node, _ := given.Member(parameter)
	row := odata.Node{Kind: odata.NodeObject}
	var about engine.Ref
	for _, m := range node.Members {
		if id, there := m.Value.Member(c.org.DB.Model().Table(table).PrimaryID); m.Name == lookup && there && odata.IsGUID(id.Text) {
			about = engine.Ref{Table: table, ID: strings.ToLower(id.Text)}
			continue
		}
		row.Members = append(row.Members, m)
	}
	p, err := reading{c, true}.read(activity, row)
	if err != nil {
		return nil, about, err
	}
	if about.ID == "" {
		about, _ = p.row[lookup].(engine.Ref)
	}
	if about.Table != table || about.ID == "" {
		return nil, about, payloadProblem("The parameter '" + parameter + "' does not say which row of '" + table + "' it is about: '" + lookup + "@odata.bind' is missing.")
	}
	p.row[lookup] = about
	return p, about, nil
}

// completed creates the activity as one that is done.
func (c *call) completed(p *payload, about engine.Ref) error {
	end := p.row["actualend"]
	if end == nil {
		end = c.org.DB.Options().Now().UTC().Truncate(time.Second)
	}
	fill(p.row, engine.Row{"actualend": end, "regardingobjectid": about})
	p.row["statecode"] = 1
	delete(p.row, "statuscode")
	p.row = columnsOf(p.table, p.row)
	_, err := p.insert(c.x)
	return err
}

// closedOn is the day of a closing, as the person's calendar has it.
func (c *call) closedOn(end any) time.Time {
	at := c.org.DB.Options().Now()
	switch end := end.(type) {
	case time.Time:
		at = end
	case string:
		if t, err := time.Parse(time.RFC3339, end); err == nil {
			at = t
		}
	}
	if c.caller.TimeZone != nil {
		at = at.In(c.caller.TimeZone)
	}
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// statusOf reads the parameter Status; -1 lets the state choose, which the engine calls 0.
func statusOf(given odata.Node) int {
	n, _ := given.Member("Status")
	status, _ := strconv.Atoi(n.Text)
	if status == -1 {
		return 0
	}
	return status
}

// fill adds values that a row leaves out.
func fill(row, defaults engine.Row) {
	for name, v := range defaults {
		if _, given := row[name]; !given && v != nil {
			row[name] = v
		}
	}
}

// columnsOf leaves out what the table has no column for.
func columnsOf(t *schema.Table, row engine.Row) engine.Row {
	kept := engine.Row{}
	for name, v := range row {
		if t.Column(name) != nil {
			kept[name] = v
		}
	}
	return kept
}
