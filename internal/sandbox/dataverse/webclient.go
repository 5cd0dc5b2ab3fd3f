package dataverse

import (
	"html/template"
	"net/http"
)

// serveWebClient stands where Dynamics 365 itself would open: links to records and dashboards lead here.
func serveWebClient(w http.ResponseWriter, r *http.Request, org *organization) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'")
	q := r.URL.Query()
	page := struct{ Organization, Kind, Table, ID string }{org.FriendlyName, q.Get("pagetype"), q.Get("etn"), q.Get("id")}
	_ = webClient.Execute(w, page) // a browser that has gone away is nobody's error
}

var webClient = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Organization}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:40rem;padding:0 1rem}dt{font-weight:600}</style>
<h1>{{.Organization}}</h1>
<p>In a real tenant, Dynamics 365 opens here. The sandbox has the data behind it, but not its pages.</p>
<dl>{{with .Kind}}<dt>Page</dt><dd>{{.}}</dd>{{end}}{{with .Table}}<dt>Table</dt><dd>{{.}}</dd>{{end}}{{with .ID}}<dt>Id</dt><dd>{{.}}</dd>{{end}}</dl>
</html>
`))
