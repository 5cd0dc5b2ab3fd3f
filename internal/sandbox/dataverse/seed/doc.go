// Package seed holds what the sandbox's organizations contain: the data model (Model), the customizations a person sees
// (apps, dashboards, views, charts) and generated rows (Fill). Everything is invented and comes from a fixed seed; dates
// are relative to the day it is made, so that "this month" is never empty. What a table is belongs to package schema,
// keeping and querying rows to package engine, who the people are to package world.
package seed
