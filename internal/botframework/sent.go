package botframework

import (
	"errors"
	"net"
)

// neverSent reports whether a request failed before any of it left: the connection could not be made.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
