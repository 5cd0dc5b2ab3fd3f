package richtext

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limit is how many bytes of markup are shown; what lies behind is cut off. Dataverse keeps up to 1 MB of text in a column.
const Limit = 256 << 10

// depth is how far elements may lie in each other; deeper ones are left out, since browsers and screen readers give up on them.
const depth = 40

// policy is what formats text. Pictures stay only when they are in the text itself: our pages load nothing from elsewhere, and a
// picture from elsewhere would tell its server who reads the record.
var policy = formatting()

func formatting() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "mark",
		"ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9][0-9]?$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,4}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowDataURIImages()
	return p
}

// Clean gives markup that may stand in a page: only elements that format, each one closed, links that open a window of their own.
func Clean(markup string) string {
	return balanced(policy.Sanitize(cut(markup)))
}

// cut keeps the beginning, up to a whole character.
func cut(text string) string {
	if len(text) <= Limit {
		return text
	}
	end := Limit
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// balanced writes markup anew from the tree that a browser would make of it, so that nothing reaches beyond the place where
// it is put: an end tag too many would close an element of the page.
func balanced(markup string) string {
	nodes, err := fragment(markup)
	if err != nil {
		return html.EscapeString(Text(markup))
	}
	var out strings.Builder
	for _, n := range nodes {
		prune(n, depth)
		if err := xhtml.Render(&out, n); err != nil {
			return html.EscapeString(Text(markup))
		}
	}
	return out.String()
}

func fragment(markup string) ([]*xhtml.Node, error) {
	return xhtml.ParseFragment(strings.NewReader(markup), &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div})
}

// prune leaves out what lies too deep, and pictures from elsewhere, which their words stand for.
func prune(n *xhtml.Node, left int) {
	if n.DataAtom == atom.Img && !inText(n) {
		n.Type, n.Data, n.DataAtom, n.Attr = xhtml.TextNode, attribute(n, "alt"), 0, nil
		return
	}
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if left == 0 {
			n.RemoveChild(child)
		} else {
			prune(child, left-1)
		}
		child = next
	}
}

func inText(n *xhtml.Node) bool { return strings.HasPrefix(attribute(n, "src"), "data:image/") }

func attribute(n *xhtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// blocks begin a line of their own in plain text.
var blocks = map[string]bool{
	"p": true, "div": true, "br": true, "li": true, "ul": true, "ol": true, "tr": true, "table": true, "blockquote": true, "pre": true, "hr": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "dt": true, "dd": true, "caption": true,
}

// unread holds what is in a text without being read.
var unread = map[string]bool{"script": true, "style": true, "head": true, "title": true, "template": true, "noscript": true, "iframe": true, "textarea": true, "select": true}

var (
	spaces = regexp.MustCompile(`[ \t\r\n\f]+`)
	lines  = regexp.MustCompile(` *\n *`)
	gaps   = regexp.MustCompile(`\n{3,}`)
)

// Text is the markup read as plain text, one line for each paragraph, with nothing of the markup in it.
func Text(markup string) string {
	tokens := xhtml.NewTokenizer(strings.NewReader(cut(markup)))
	var out strings.Builder
	skipping := ""
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			text := lines.ReplaceAllString(out.String(), "\n")
			return strings.TrimSpace(gaps.ReplaceAllString(text, "\n\n"))
		case xhtml.TextToken:
			if skipping == "" {
				out.WriteString(spaces.ReplaceAllString(string(tokens.Text()), " "))
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			name, _ := tokens.TagName()
			switch tag := string(name); {
			case skipping != "":
			case unread[tag]:
				skipping = tag
			case tag == "td" || tag == "th":
				out.WriteByte(' ')
			case blocks[tag]:
				out.WriteByte('\n')
			}
		case xhtml.EndTagToken:
			name, _ := tokens.TagName()
			switch tag := string(name); {
			case tag == skipping:
				skipping = ""
			case skipping == "" && (tag == "p" || len(tag) == 2 && tag[0] == 'h'):
				out.WriteByte('\n')
			}
		}
	}
}

// FromText writes plain text as markup: empty lines part paragraphs, single ends of lines stay.
func FromText(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
	if text == "" {
		return ""
	}
	var out strings.Builder
	for _, paragraph := range strings.Split(gaps.ReplaceAllString(text, "\n\n"), "\n\n") {
		out.WriteString("<p>")
		out.WriteString(strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>"))
		out.WriteString("</p>")
	}
	return out.String()
}

// Editable reports whether everything in the markup that somebody sees can be shown and typed here: pictures that lie
// elsewhere cannot, and cleaning the markup for saving would lose them.
func Editable(markup string) bool {
	if len(markup) > Limit {
		return false
	}
	tokens := xhtml.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return true
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			token := tokens.Token()
			switch token.Data {
			case "video", "audio", "object", "embed", "iframe":
				return false
			case "img":
				if !inText(&xhtml.Node{Attr: token.Attr}) {
					return false
				}
			}
		}
	}
}
