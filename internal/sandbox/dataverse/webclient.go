package dataverse

import "net/http"

func serveWebClient(w http.ResponseWriter, r *http.Request, org *organization) {
	http.NotFound(w, r)
}
