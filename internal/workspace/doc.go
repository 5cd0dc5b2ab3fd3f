// Package workspace decides where a person works: which organization and app are theirs to choose, why others are not
// offered, and which choice they asked us to remember. Asking Dataverse is package dataverse, keeping the choice is
// package store, and what is shown there is package dashboard.
package workspace
