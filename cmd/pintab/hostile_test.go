package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/browser"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// alarm notes whatever a page should never do, before any script of the page runs.
const alarm = `window.alarms = [];
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = (text) => { window.alarms.push(name + ' ' + text) };
document.addEventListener('securitypolicyviolation', (e) => window.alarms.push('policy ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
addEventListener('error', (e) => window.alarms.push('error ' + e.message));`

// amiss finds, in the page and its shadow trees: scripts without a nonce or a file, addresses that are no web address of
// the two servers, and right-to-left text that could turn what stands beside it.
const amiss = `(([app, dataverse]) => {
  const found = [...window.alarms];
  const rtl = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u202A-\u202E\u2066-\u2069]/;
  const walk = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) walk(e.shadowRoot);
      if (e.localName === 'script' && !e.nonce && !e.src) found.push('script ' + e.textContent.slice(0, 80));
      for (const a of e.attributes) {
        if (a.name.startsWith('on')) found.push(e.localName + ' ' + a.name + '=' + a.value.slice(0, 80));
        if (['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name) && a.value && !a.value.startsWith('#')) {
          const to = new URL(a.value, location.href);
          const fine = [app, dataverse].includes(to.origin) || ['mailto:', 'tel:'].includes(to.protocol) || to.href === 'data:,'
            || e.localName === 'a' && ['http:', 'https:'].includes(to.protocol) && e.rel.includes('noopener');
          if (!fine) found.push(e.localName + ' ' + a.name + '=' + a.value.slice(0, 120));
        }
      }
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const e = node.parentElement;
      let text = node.data; // without what stands between isolating marks
      for (let before = ''; before !== text;) [before, text] = [text, text.replace(/[\u2066-\u2068][^\u2066-\u2069]*\u2069/g, '')];
      if (!e || !rtl.test(text) || e.closest('script,style,option,title,template')) continue;
      if (e.closest('bdi,[dir="auto"]') || e.closest('text,tspan')) continue;
      if (['isolate', 'plaintext', 'isolate-override'].includes(getComputedStyle(e).unicodeBidi) && e.childNodes.length === 1) continue;
      found.push('not isolated: ' + e.localName + '.' + e.className + ' ' + node.data.trim().slice(0, 80));
    }
  };
  walk(document);
  return found.slice(0, 10);
})`

// guarded opens a window in which alarm runs first.
func guarded(t *testing.T, person string) *client {
	t.Helper()
	c := sitDown(t, person)
	_, err := chromedp.Call(c.window.Context(), page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: alarm})
	c.must(err)
	return c
}

// signInHere signs in through Entra ID's page, as in an ordinary browser.
func (c *client) signInHere() {
	c.Helper()
	c.must(c.window.Open(at.App + "/tab/dashboard"))
	c.must(c.window.Has("button.account", patience))
	_, err := browser.Evaluate[bool](&c.window.Page, pressOn(c.person))
	c.must(err)
	c.must(c.window.Wait(`location.href.startsWith("`+at.App+`/tab/dashboard")`, patience))
}

// inspect complains of whatever is amiss on the page that the window shows.
func (c *client) inspect(where string) {
	c.Helper()
	c.must(c.window.Wait(`document.readyState === "complete"`, 15*time.Second))
	found, err := browser.Evaluate[[]string](&c.window.Page, fmt.Sprintf("%s([%q, %q])", amiss, at.App, at.Dataverse))
	c.must(err)
	for _, one := range found {
		c.Errorf("%s, %s: %s", c.person, where, one)
	}
}

// In every dashboard of every app, nothing that is written in a record runs, leads anywhere or turns the text beside it.
func TestRecordsAreOnlyText(t *testing.T) {
	town := moveTo(t)
	db, err := store.Open(t.Context(), town.config.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seen, pages, scripts := map[string]bool{}, 0, 0
	for _, one := range slices.Backward(world.People()) {
		c := guarded(t, one.Username)
		c.signInHere()
		c.inspect("the first page")
		for _, place := range town.placesOf(one) {
			if err := db.Remember(t.Context(), crm.User{Tenant: one.TenantID, Object: one.ObjectID}, place); err != nil {
				t.Fatal(err)
			}
			c.must(c.window.Open(at.App + "/tab/dashboard"))
			c.must(c.window.Wait(`document.readyState === "complete"`, 15*time.Second))
			dashboards, err := browser.Evaluate[[]string](&c.window.Page, `[...document.querySelectorAll('select[name="dashboard"] option')].map(o => o.value)`)
			c.must(err)
			for _, id := range dashboards {
				// One person for each dashboard will do, unless everything is asked for.
				if key := place.OrganizationURL + id; !seen[key] || os.Getenv("PINTAB_TEST_MATRIX") != "" {
					seen[key] = true
					pages++
					c.must(c.window.Open(at.App + "/tab/dashboard?dashboard=" + id))
					c.inspect(place.OrganizationURL + " " + id)
					found, err := browser.Evaluate[int](&c.window.Page, `document.documentElement.innerText.split('<script>').length - 1`)
					c.must(err)
					scripts += found
				}
			}
		}
		if one.Role == world.Manager || one.Role == world.SecondTenant {
			c.lookFor("<script>")
		}
		if problems := c.window.Problems(); len(problems) > 0 {
			t.Errorf("%s: the console complains: %s", one.Username, strings.Join(problems, "\n"))
		}
		c.window.Close()
	}
	if pages < 10 || scripts == 0 {
		t.Errorf("%d dashboards with %d hostile names: there is nothing to see", pages, scripts)
	}
	t.Logf("%d dashboards, %d hostile names", pages, scripts)
}

// lookFor finds hostile text in the first list, and says it back.
func (c *client) lookFor(text string) {
	c.Helper()
	c.must(c.window.Open(at.App + "/tab/dashboard"))
	c.must(c.window.Wait(`document.readyState === "complete"`, 15*time.Second))
	found, err := browser.Evaluate[bool](&c.window.Page, fmt.Sprintf(`(() => { const q = document.querySelector('input[name="q"]'); if (!q) return false;
	  q.value = %q + '"\'><img src=x onerror=alert(2)>'; q.form.requestSubmit(); return true })()`, text))
	c.must(err)
	if found {
		c.must(c.window.Wait(`location.search.includes('q=')`, patience))
		c.inspect("looking for " + text)
		c.must(c.window.Open(at.App + "/tab/dashboard?" + url.Values{"dashboard": {text}, "part": {text + `" onload=alert(3)`}, "q": {text}, "sort": {text}, "view": {text}, "cat": {text}, "theme": {text}, "locale": {text}}.Encode()))
		c.inspect("an address full of it")
	}
}

// A page that opens the sign-in window with a challenge of its own gets nothing from it, whatever it answers to what the
// window says, and neither does a page that listens in a frame or reads the address.
func TestAnEvilOpenerGetsNoCode(t *testing.T) {
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><title>evil</title><button>win a prize</button><script>
		window.heard = [];
		addEventListener('message', (e) => {
		  heard.push(JSON.stringify(e.data));
		  // Answer everything as a host would.
		  const id = e.data?.id, uuid = e.data?.uuid;
		  for (const args of [['content', 'web', JSON.stringify({}), '2.0.1'], [true], [{code: 1}]])
		    e.source.postMessage({ id, uuid, uuidAsString: e.data?.uuidAsString, args, func: e.data?.func }, '*');
		});
		document.querySelector('button').onclick = () => { window.prize = open(%q, 'prize', 'popup,width=500,height=600') };
		</script>`, at.App+"/auth/start?challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&next=/tab/dashboard")
	}))
	defer evil.Close()
	c := sitDown(t, "tomas@harborfinch.example")
	c.must(c.window.Open(evil.URL))
	popup := c.popup(func() { c.must(c.window.Click("button")) })
	c.must(popup.Wait(`location.origin === "`+at.Entra+`" && document.querySelector('form button')`, patience))
	_, err := browser.Evaluate[bool](popup, pressOn(c.person))
	c.must(err)
	c.must(popup.Wait(`location.pathname === "/auth/callback" && document.querySelector('main').dataset.code`, patience))
	code, err := browser.Evaluate[string](popup, `document.querySelector('main').dataset.code`)
	c.must(err)
	time.Sleep(1500 * time.Millisecond) // the window says its hello several times
	heard, err := browser.Evaluate[[]string](&c.window.Page, `heard`)
	c.must(err)
	for _, text := range heard {
		if strings.Contains(text, code) {
			t.Errorf("the opener hears the code: %s", text)
		}
	}
	address, err := browser.Evaluate[string](popup, `location.href`)
	c.must(err)
	if strings.Contains(address, code) {
		t.Errorf("the code stands in the address: %s", address)
	}
	reached, err := browser.Evaluate[bool](&c.window.Page, `(() => { try { return Boolean(window.prize.document.querySelector('main')) } catch { return false } })()`)
	c.must(err)
	if reached {
		t.Error("the opener reads the window")
	}
	t.Logf("heard %q", heard)
}

// Wherever `next` points, Chromium stays with us after signing in.
func TestSigningInNeverLeadsAway(t *testing.T) {
	c := sitDown(t, "tomas@harborfinch.example")
	c.signInHere()
	for _, next := range []string{
		"//evil.example", `/\evil.example`, "https:evil.example", "/\t/evil.example", "javascript:alert(1)", "/\r\nLocation: https://evil.example",
		"/tab/dashboard@evil.example", "/tab/dashboard/../../auth/signout", "/tab/dashboard#//evil.example", "/auth/start?next=//evil.example", "/tab/dashboard?a=b\r\nSet-Cookie: x=y",
	} {
		c.must(c.window.Open(at.App + "/auth/start?" + url.Values{"next": {next}}.Encode()))
		if there, _ := browser.Evaluate[bool](&c.window.Page, `location.origin === "`+at.Entra+`"`); there {
			c.must(c.window.Has("button.account", patience))
			_, err := browser.Evaluate[bool](&c.window.Page, pressOn(c.person))
			c.must(err)
		}
		c.must(c.window.Wait(`location.origin === "`+at.App+`" && document.readyState === "complete"`, patience))
		where, err := browser.Evaluate[string](&c.window.Page, `location.href`)
		c.must(err)
		if !strings.HasPrefix(where, at.App+"/tab/dashboard") {
			t.Errorf("%q leads to %s", next, where)
		}
	}
}
