package dataverse_test

import (
	"os"
	"testing"
)

// scratch holds the organizations of the sandbox while the tests run.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "pintab-dataverse"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}
