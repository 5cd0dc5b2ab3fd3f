package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Evaluate runs a script expression, waits for it when it is a promise, and gives its value.
func Evaluate[T any](p *Page, expression string) (T, error) {
	return chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Wait waits until a script expression is true.
func (p *Page) Wait(expression string, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	var last error
	for time.Now().Before(deadline) {
		done, err := p.try(expression)
		if done {
			return nil
		}
		last = err
		time.Sleep(25 * time.Millisecond)
	}
	return fmt.Errorf("not true after %s: %s (last error: %v)", patience, expression, last)
}

// try asks once, within a time of its own: a frame that is navigating may never answer.
func (p *Page) try(expression string) (bool, error) {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")", chromedp.EvalAwaitPromise))
}

// Has waits until an element matches a selector, looking into open shadow trees too.
func (p *Page) Has(selector string, patience time.Duration) error {
	return p.Wait("("+findElement+")("+quote(selector)+")", patience)
}

// findElement finds the first element for a selector, also in open shadow trees.
const findElement = `s => { const walk = root => { const hit = root.querySelector(s); if (hit) return hit;
  for (const e of root.querySelectorAll('*')) if (e.shadowRoot) { const deep = walk(e.shadowRoot); if (deep) return deep } return null };
  return walk(document) }`

// Text is the visible text of the first element for a selector.
func (p *Page) Text(selector string) (string, error) {
	text, err := Evaluate[string](p, "(("+findElement+")("+quote(selector)+") || {innerText:''}).innerText")
	return strings.TrimSpace(text), err
}

// Click waits for an element and clicks it as script does, scrolled into view.
func (p *Page) Click(selector string) error {
	if err := p.Has(selector, 10*time.Second); err != nil {
		return err
	}
	_, err := Evaluate[bool](p, "(e => { e.scrollIntoView({block:'center'}); e.click(); return true })(("+findElement+")("+quote(selector)+"))")
	return err
}

// Type puts text into a field and tells the page so.
func (p *Page) Type(selector, text string) error {
	if err := p.Has(selector, 10*time.Second); err != nil {
		return err
	}
	_, err := Evaluate[bool](p, "(e => { e.focus(); e.value = "+quote(text)+"; e.dispatchEvent(new Event('input',{bubbles:true})); e.dispatchEvent(new Event('change',{bubbles:true})); return true })(("+findElement+")("+quote(selector)+"))")
	return err
}

// Screenshot is a PNG of what the window shows.
func (w *Window) Screenshot() ([]byte, error) {
	return chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
}

// Violation is something that axe-core reports.
type Violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// Axe runs axe-core, whose source is given, with its WCAG 2.1 A and AA rules. The source is evaluated by the debugger, so
// that a Content-Security-Policy does not stand in its way.
func (p *Page) Axe(source string) ([]Violation, error) {
	if _, err := Evaluate[bool](p, source+";true"); err != nil {
		return nil, err
	}
	text, err := Evaluate[string](p, `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa'], iframes: false}).then(r => JSON.stringify(
	  r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + (n.any.concat(n.all)[0] || {message: ''}).message)}))))`)
	if err != nil {
		return nil, err
	}
	var found []Violation
	return found, json.Unmarshal([]byte(text), &found)
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""` // cannot happen: s is a string
	}
	return string(text)
}
