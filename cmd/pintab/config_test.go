package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"strings"
	"testing"
)

func goodEnvironment() map[string]string {
	return map[string]string{
		"PINTAB_PUBLIC_URL": "https://pintab.example.com", "CLIENT_ID": "id", "CLIENT_SECRET": "secret",
		"TENANT_ID": "t1, T2", "DATABASE_URL": "sqlite:pintab.db",
		"PINTAB_SESSION_KEYS": base64.StdEncoding.EncodeToString(make([]byte, 32)),
	}
}

func TestEveryProblemOfTheConfigurationIsReportedAtOnce(t *testing.T) {
	_, err := loadConfig(map[string]string{
		"PINTAB_PUBLIC_URL": "http://pintab.example.com", "PINTAB_SESSION_KEYS": "short", "DATABASE_URL": "mysql:x", "PORT": "many",
		"PINTAB_AUTHORITY": "ftp://login",
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, word := range []string{"CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "PINTAB_PUBLIC_URL", "PINTAB_SESSION_KEYS", "DATABASE_URL", "PINTAB_AUTHORITY", "Port"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%s is not reported in %q", word, err)
		}
	}
}

func TestPlainHTTPIsForLoopbackAlone(t *testing.T) {
	for address, accepted := range map[string]bool{
		"http://localhost:3978": true, "http://127.0.0.1": true, "http://[::1]:1": true,
		"http://pintab.example.com": false, "http://localhost.evil.example": false, "http://10.0.0.1": false,
	} {
		environment := goodEnvironment()
		environment["PINTAB_PUBLIC_URL"], environment["PINTAB_LOOPBACK"] = address, "1"
		if _, err := loadConfig(environment); (err == nil) != accepted {
			t.Errorf("%s with PINTAB_LOOPBACK: %v", address, err)
		}
		delete(environment, "PINTAB_LOOPBACK")
		if _, err := loadConfig(environment); err == nil {
			t.Errorf("%s without PINTAB_LOOPBACK: accepted", address)
		}
	}
}

func TestKeysForDifferentPurposesShareNothing(t *testing.T) {
	cfg, err := loadConfig(goodEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	cookie, err := cfg.keys("cookie")
	if err != nil {
		t.Fatal(err)
	}
	seal, err := cfg.keys("seal")
	if err != nil {
		t.Fatal(err)
	}
	if len(cookie) != 1 || len(seal[0]) != 32 || bytes.Equal(cookie[0], seal[0]) {
		t.Error("keys are not derived by purpose")
	}
	if got := cfg.tenants(); len(got) != 2 || got[1] != "t2" {
		t.Errorf("tenants %q", got)
	}
}

func TestTheReadmeShowsTheSettings(t *testing.T) {
	var table bytes.Buffer
	if err := settingsTable(&table); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(readme, table.Bytes()) {
		t.Error("README.md does not hold the table that `pintab config --markdown` prints")
	}
}
