package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// listenLoopback opens a port on this machine alone, for IPv4 and, where there is one, IPv6: "localhost" means either.
func listenLoopback(port int, hosts ...string) ([]net.Listener, error) {
	var open []net.Listener
	for i, host := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil && i > 0 {
			continue // no IPv6 here, or another program has that side of the port
		}
		if err != nil {
			closeAll(open)
			return nil, fmt.Errorf("port %d is not free: %w; choose another with --port", port, err)
		}
		open = append(open, l)
	}
	return open, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close()
	}
}

// serveUntil runs a server on its listeners until the context ends, then lets requests finish for up to grace.
func serveUntil(ctx context.Context, server *http.Server, listeners []net.Listener, grace time.Duration) error {
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- server.Serve(l) }()
	}
	var first error
	running := len(listeners)
	select {
	case <-ctx.Done():
	case first = <-failed:
		running--
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		_ = server.Close()
	}
	for range running {
		<-failed
	}
	if first != nil && !errors.Is(first, http.ErrServerClosed) {
		return first
	}
	return nil
}

// standInServer serves one stand-in. Its limits are generous, since Dataverse answers may be told to be slow.
func standInServer(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 256 << 10}
}
