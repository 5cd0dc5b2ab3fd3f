// Package checkup tests, step by step, what Pintab needs for one person: the login service, discovery, and each of their
// organizations. It finds out and names; the sentences are package locale, asking is packages entra and dataverse, and what
// only a browser can test is the page's script.
package checkup
