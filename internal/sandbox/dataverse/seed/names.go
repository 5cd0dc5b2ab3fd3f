package seed

import "strings"

// Names of companies and people are put together from invented pieces. The few known ones are Microsoft's published
// sample names. Awkward ones come first, so that they are in every organization however small.

// awkward are names that stress layout, direction, encoding and escaping.
var awkward = []string{
	"Contoso Pharmaceuticals",
	"Contoso Pharmaceuticals Research & Development (Nordics)",
	"Fourth Coffee",
	"Litware, Inc.",
	"Alpine Ski House",
	"Adventure Works",
	"Coho Winery",
	"City Power & Light",
	"Blue Yonder Airlines",
	"A. Datum Corporation",
	"<script>alert(1)</script> Ltd",
	"Robert'); DROP TABLE accounts;-- Consulting",
	`"Quoted" & <b>Bold</b> Trading Co.`,
	"The Worshipful International Consolidated Association of Independent Harbour Pilots, Lighthouse Keepers, Ropewalk Masters and Associated Coastal Provisioners of the Northern Isles, Ltd",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsverwaltungszentrale",
	"מספנות הגלים הכחולים בע״מ",
	"شركة المرافئ الهادئة للتجارة",
	"Gammel Kai 🚢⚓ Fisk & Sønner",
	"👩‍👩‍👧‍👦 Family Table",
	"บริษัท ท่าเรือสายรุ้ง จำกัด",
	"蓝港海运有限公司",
	"青い灯台商事株式会社",
	"Z̃a̧l͟g̈o̊ Instruménts",
	"100% Pure_Water [Bottling]",
	"{{7*7}} ${jndi} %s Templates",
	"  Leading and trailing  spaces  ",
	"=SUM(A1:A9) Exports",
	"İstanbul Iğdır Ilıca Ticaret",
	"Ltd",
}

var awkwardPeople = [][2]string{
	{"Yvonne", "McKay"}, {"Susanna", "Stubberod"}, {"Nancy", "Anderson"}, {"Maria", "Campbell"}, {"Scott", "Konersmann"},
	{"Robert", "Lyon"}, {"Paul", "Cannon"}, {"Rene", "Valdes"}, {"Thomas", "Andersen"}, {"Susan", "Burk"},
	{"Conan", "O'Hara-\"Smith\""}, {"<img src=x", "onerror=alert(1)>"}, {"נועה", "בן־עמי"}, {"ليلى", "المرفئي"}, {"美咲", "灯台"},
	{"", "Cher"}, {"🦄", "Emoji"}, {"Nguyễn Thị", "Ánh Tuyết"}, {"Wolfeschlegelsteinhausenbergerdorff", "Featherstonehaugh-Cholmondeley-Marjoribanks"}, {"อรุณี", "ท่าเรือ"},
}

var (
	nameHeads  = strings.Fields("Quill Fern Brack Thistle Oaken Marl Dun Wick Harrow Stave Lark Morrow Tarn Cinder Hollow Sorrel Vesper Gannet Pewter Rime Brindle Cobble Drift Ember Flint Gale Heather Inkle Jasper Kelp")
	nameTails  = strings.Fields("mark hollow water down ridge combe garth mere stead fell holt wick by croft haven lea moor thorpe dale ford")
	nameHeadsD = strings.Fields("Erlen Birken Kiesel Lauter Mühl Nebel Oster Quell Reiher Silber Tannen Ulmen Wacholder Zeder Ahorn Buchen Dorn Eiben")
	nameTailsD = strings.Fields("bach brunn feld hain hof kamp leiten moos ried stein tal wald werder winkel au")
	sectors    = strings.Split("Marine|Foods|Logistics|Instruments|Textiles|Timber|Fittings|Power|Clinics|Books|Glass|Robotics|Freight|Seafood|Bakeries|Tools|Paper|Optics|Shipyards|Cold Storage|Packaging|Sensors|Pumps|Rope Works", "|")
	sectorsD   = strings.Split("Maschinenbau|Werkzeuge|Fördertechnik|Lebensmittel|Textil|Holzbau|Armaturen|Energie|Kliniken|Glas|Robotik|Spedition|Backwaren|Papier|Optik|Kühltechnik|Verpackungen|Pumpen|Messtechnik", "|")
	givenNames = strings.Fields("Ada Alva Anselm Arvid Astrid Bastian Beata Bogdan Brenna Camila Casper Célia Dag Dalia Davor Edda Eero Emeka Esme Fadil Femke Fiona Gustaf Hanne Hugo Ida Ilse Ines Ivo Jorunn Kaito Katya Kerstin Lamar Leif Lior Lotta Magnus Malin Marek Mina Nadia Nils Noor Oda Olaf Orla Petra Pilar Quentin Ragna Rosalind Rune Sanna Selim Signe Soren Tilda Ulla Vera Viggo Wilma Yara Ylva Zoran")
	surnames   = strings.Fields("Abernethy Almqvist Barrowclough Bergmark Birkeland Blackmoor Brightwater Carrow Castellanos Dahlgren Ekwall Falkner Fenwright Gadegaard Grimaldi Haverford Holmgren Ivarsson Jankowiak Kestrelmann Kvist Larkspur Lindgaard Marlowe Montcalm Nightingale Norrby Okafor Ostrander Palmgren Pettibone Quist Ravensdale Rosendahl Rydell Sandoval Silverthorne Strandberg Tanglewood Thornquist Underhill Vandermeer Varga Westergaard Winterbourne Yardley Zielonka")
	surnamesD  = strings.Fields("Achleitner Birnstingl Dörfler Eichinger Fürnkranz Gschwandtner Hölzlwimmer Irlbacher Jäger Kirchschlager Lechthaler Mühlbauer Nöbauer Obermoser Pröll Riedlsperger Schönleitner Thürridl Überreiter Wöginger Zehetgruber")
	jobTitles  = strings.Split("Purchasing Manager|Chief Executive|Head of Operations|Harbour Master|Plant Manager|Buyer|Chief Financial Officer|Quality Lead|IT Director|Owner|Office Manager|Fleet Coordinator", "|")
	jobTitlesD = strings.Split("Einkaufsleitung|Geschäftsführung|Betriebsleitung|Werksleitung|Einkauf|Kaufmännische Leitung|Qualitätssicherung|IT-Leitung|Inhaber|Büroleitung", "|")
	goods      = strings.Split("deck sensors|cold-chain containers|mooring lines|harbour lighting|pump refit|fleet telematics|weighbridge upgrade|shore power units|spare parts framework|service contract|inspection drones|packaging line|bunkering skids|dock levellers|ballast filters", "|")
	goodsD     = strings.Split("Förderband|Messstation|Pumpensatz|Ersatzteilvertrag|Wartungsvertrag|Verpackungslinie|Kühlaggregat|Robotergreifer|Schaltschrank|Lichtgitter|Hallenkran", "|")
)

func splitName(name string) (first, last string) {
	first, last, ok := strings.Cut(name, " ")
	if !ok {
		return "", name
	}
	return first, last
}

// region is where customers are: cities, how their telephone numbers start, what they pay in and how firms are called.
type region struct {
	unit, country, prefix, currency string
	cities, suffixes                []string
}

var regions = []region{
	{"nordics", "Sweden", "+46 8 ", "SEK", []string{"Göteborg", "Malmö", "Visby", "Luleå", "Karlskrona"}, []string{"AB", "& Söner AB", "Handels AB"}},
	{"nordics", "Norway", "+47 22 ", "EUR", []string{"Bergen", "Tromsø", "Ålesund", "Stavanger"}, []string{"AS", "& Sønn AS"}},
	{"nordics", "Finland", "+358 9 ", "EUR", []string{"Turku", "Kotka", "Vaasa", "Jyväskylä"}, []string{"Oy", "Oyj"}},
	{"dach", "Germany", "+49 40 ", "EUR", []string{"Hamburg", "Bremerhaven", "Köln", "Würzburg", "Rostock"}, []string{"GmbH", "GmbH & Co. KG", "AG"}},
	{"dach", "Switzerland", "+41 61 ", "EUR", []string{"Basel", "Zürich", "Genève"}, []string{"AG", "SA"}},
	{"uk", "United Kingdom", "+44 151 ", "GBP", []string{"Liverpool", "Falmouth", "Aberdeen", "Great Yarmouth"}, []string{"Ltd", "plc", "& Daughters"}},
	{"uk", "Ireland", "+353 21 ", "EUR", []string{"Cork", "Dún Laoghaire", "Galway"}, []string{"DAC", "Ltd"}},
	{"americas", "United States", "+1 206 555 ", "USD", []string{"Seattle", "Savannah", "Duluth", "Baltimore", "Winston-Salem"}, []string{"Inc.", "LLC", "Co."}},
	{"americas", "Brazil", "+55 11 ", "USD", []string{"Santos", "São Sebastião", "Itajaí"}, []string{"Ltda.", "S.A."}},
	{"apac", "Japan", "+81 45 ", "JPY", []string{"Yokohama", "Kobe", "Hakodate"}, []string{"K.K.", "Co., Ltd."}},
	{"apac", "Australia", "+61 3 ", "USD", []string{"Fremantle", "Geelong", "Hobart"}, []string{"Pty Ltd"}},
}

var regionsSecond = []region{
	{"bayern", "Deutschland", "+49 89 ", "EUR", []string{"Regensburg", "Passau", "Kempten (Allgäu)", "Hof", "Neuburg a. d. Donau"}, []string{"GmbH", "GmbH & Co. KG", "e. K."}},
	{"austria", "Österreich", "+43 732 ", "EUR", []string{"Linz", "Steyr", "Krems", "Mürzzuschlag"}, []string{"GmbH", "OG"}},
}

func (f *filler) second() bool { return f.plan.key == "second" }

func (f *filler) companyName(r region, n int) string {
	if n < len(awkward) && !f.second() {
		return awkward[n]
	}
	if n < 6 && f.second() {
		return []string{"Contoso Pharmaceuticals Österreich", "Bäckerei „Zur süßen Ähre“ & Söhne", awkward[14], awkward[10], "Übergrößenträger Spezialhosen-Manufaktur", awkward[15]}[n]
	}
	heads, tails, sector := nameHeads, nameTails, sectors
	if f.second() {
		heads, tails, sector = nameHeadsD, nameTailsD, sectorsD
	}
	return pick(f, heads) + pick(f, tails) + " " + pick(f, sector) + " " + pick(f, r.suffixes)
}

func (f *filler) personName(n int) (first, last string) {
	if n < len(awkwardPeople) && !f.second() {
		return awkwardPeople[n][0], awkwardPeople[n][1]
	}
	if f.second() && f.chance(70) {
		return pick(f, givenNames), pick(f, surnamesD)
	}
	return pick(f, givenNames), pick(f, surnames)
}

// slug makes the host of a made-up address, always under .example (RFC 2606).
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
		if b.Len() == 24 {
			break
		}
	}
	if b.Len() == 0 {
		return "customer.example"
	}
	return b.String() + ".example"
}
