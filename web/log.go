package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/fault"
)

// logged names the request and writes one line about it: the route's pattern, never the address, which may hold search
// text and ids.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		started := s.cfg.Now()
		raw := make([]byte, 8)
		if _, err := io.ReadFull(s.cfg.Rand, raw); err != nil {
			return err
		}
		v := visitOf(c)
		v.correlation = hex.EncodeToString(raw)
		c.Response().Header().Set(echo.HeaderXRequestID, v.correlation)
		defer func() {
			r, route := c.Request(), c.Path()
			if route == "" {
				route = "none"
			}
			attributes := []slog.Attr{
				slog.String("request", v.correlation), slog.String("method", method(r)), slog.String("route", route),
				slog.Int("status", c.Response().Status), slog.Int64("bytes", c.Response().Size),
				slog.Duration("took", s.cfg.Now().Sub(started)),
			}
			level := slog.LevelInfo
			if v.blame != nil {
				f := fault.Of(v.blame)
				attributes = append(attributes, slog.String("fault", f.Key), slog.String("cause", cause(f)))
				if f.Kind == fault.Internal || f.Kind == fault.Unreachable {
					level = slog.LevelError
				}
			}
			s.cfg.Log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attributes...)
		}()
		return next(c)
	}
}

// method keeps methods that anybody can invent out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// cause is the innermost reason of a fault. What wraps it may quote addresses, as errors of package net/http do.
func cause(f *fault.Error) string {
	err := error(f)
	for {
		inner := errors.Unwrap(err)
		if several, ok := err.(interface{ Unwrap() []error }); ok && len(several.Unwrap()) > 0 {
			inner = several.Unwrap()[0]
		}
		if inner == nil {
			break
		}
		err = inner
	}
	if err == error(f) {
		return ""
	}
	return err.Error()
}

// panicked makes a fault of a panic, with the stack for the log. The value itself may quote anything, so only a run-time
// error's is kept.
func panicked(value any) error {
	reason := fmt.Sprintf("panic of type %T", value)
	if err, ok := value.(interface{ RuntimeError() }); ok {
		reason = fmt.Sprint("panic: ", err)
	}
	return fault.Wrap(errors.New(reason+"\n"+string(debug.Stack())), fault.Internal, "internal")
}
