package crm

import "time"

// Turn is an activity of a chat that waits to be answered.
type Turn struct {
	ID           []byte // one-way number of channel, conversation and activity: the same activity has the same one
	User         User   // who said it; Object is "" when nobody did
	Conversation []byte // one-way number of the conversation
	Sealed       []byte // the activity, sealed
	Epoch        int64  // erasures of people there had been when it came
	Tries        int    // how often it was begun, this time included
}

// BotStanding is what the bot has to know of a person before anything else.
type BotStanding struct {
	SignedIn bool
	Since    time.Time // when they signed in to the bot
	Stopped  bool      // the operator has switched the person's tenant off
	Language string    // that they chose for Pintab, "" for what their client asks for
	Epoch    int64     // erasures of people there have been
}
