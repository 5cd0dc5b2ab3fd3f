package engine

import (
	"errors"
	"fmt"
)

// ErrNotMember says that nobody enabled in this organization has that object id.
var ErrNotMember = errors.New("engine: the person is not a member of the organization")

// Error is a refusal that the service documents: a code of its web service error codes and a sentence.
type Error struct {
	Code    string // for example 0x80041103
	Message string
}

func (e *Error) Error() string { return e.Code + " " + e.Message }

// The codes in use, by their names in Microsoft's list of web service error codes.
const (
	CodePrivilegeDenied         = "0x80040220"
	CodeUnknownTable            = "0x80041102" // QueryBuilderNoEntity
	CodeUnknownColumn           = "0x80041103" // QueryBuilderNoAttribute
	CodeInvalidQuery            = "0x8004111a" // QueryBuilderInvalid_Value
	CodeInvalidArgument         = "0x80040203"
	CodeInvalidDateTime         = "0x80040239"
	CodeIncorrectValueType      = "0x80044354"
	CodeAggregateLimit          = "0x8004E023"
	CodeQuickFindLimit          = "0x8004E024"
	CodeObjectDoesNotExist      = "0x80040217"
	CodeTooManyConditions       = "0x8004430C"
	CodeTooManyLinks            = "0x8004430D"
	CodeInvalidLink             = "0x80041104" // QueryBuilderInvalidLink
	CodeInvalidPagingCookie     = "0x80040201"
	CodeDuplicateRecord         = "0x80040237"
	CodeInvalidOperator         = "0x80041121" // QueryBuilderInvalidOperator
	CodeUnmanagedIDAccessDenied = "0x80048306"
	CodeVersionMismatch         = "0x80060882" // ConcurrencyVersionMismatch
	CodeDuplicateKey            = "0x80060892" // DuplicateRecordEntityKey
	CodeKeyNotFound             = "0x80060891" // RecordNotFoundByEntityKey
	CodeNotSupported            = "0x80040800"
	CodeInvalidStateStatus      = "0x80048408" // InvalidStateCodeStatusCode
	CodeInvalidTransition       = "0x8004F00E" // InvalidStateTransition
	CodeUseMessage              = "0x80100005" // CannotUseOpportunitySetStateMessage
	CodeAlreadyClosed           = "0x80040515" // OpportunityIsAlreadyClosed
	CodeCaseResolved            = "0x800404cf" // CaseAlreadyResolved
	CodeStringTooLong           = "0x80044331" // StringLengthTooLong
	CodeOutOfRange              = "0x80044330"
	CodeUnknownOption           = "0x8004431A" // PicklistValueOutOfRange
	CodeColumnReadDenied        = "0x8004F504" // AttributePermissionReadIsMissing
	CodeColumnUpdateDenied      = "0x8004F507" // AttributePermissionUpdateIsMissingDuringUpdate
	CodeColumnCreateDenied      = "0x8004F502" // AttributePrivilegeCreateIsMissing
	CodeLoop                    = "0x80040507" // AccountLoopBeingCreated
	CodePrincipalDenied         = "0x80040231" // PrincipalPrivilegeDenied
	CodeCannotDelete            = "0x80040227" // CannotDeleteDueToAssociation
)

func refuse(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}
