// Package odata reads the part of OData 4.0 that the Dataverse Web API speaks: resource paths, system query options, filter
// expressions, function parameters and the Prefer header. It turns text into trees and knows no table; what a name means
// is decided by the packages above it. Every parser is bounded and none panics, whatever it is given.
package odata
