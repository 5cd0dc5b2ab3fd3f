package fault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// Transport names what broke a connection without quoting the other side, as errors of package net/http do with answers that
// they cannot read, and those of package x509 with certificates. errors.Is still finds the original; nil stays nil.
func Transport(err error) error {
	if err == nil {
		return nil
	}
	return broken{transportText(err), err}
}

// broken is a transport error that says no more than its kind. It does not unwrap: what it hides would be found again.
type broken struct {
	text  string
	cause error
}

func (b broken) Error() string        { return b.text }
func (b broken) Is(target error) bool { return errors.Is(b.cause, target) }

// Timeout is that of net.Error.
func (b broken) Timeout() bool { return timedOut(b.cause) }

func timedOut(err error) bool {
	var slow interface{ Timeout() bool }
	return errors.As(err, &slow) && slow.Timeout()
}

func transportText(err error) string {
	var (
		number   syscall.Errno
		name     *net.DNSError
		opening  tls.RecordHeaderError
		stranger x509.UnknownAuthorityError
		other    x509.HostnameError
		invalid  x509.CertificateInvalidError
		alert    tls.AlertError
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "called off"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), timedOut(err):
		return "no answer in time"
	case errors.As(err, &number):
		return "connection: " + number.Error()
	case errors.As(err, &name):
		return "the name is not known"
	case errors.As(err, &stranger):
		return "certificate of an unknown authority"
	case errors.As(err, &other):
		return "certificate of another host"
	case errors.As(err, &invalid):
		return "certificate that is not valid"
	case errors.As(err, &opening), errors.As(err, &alert):
		return "no secure connection"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "connection closed early"
	}
	return "answer that is no HTTP"
}
