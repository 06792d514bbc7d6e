package esiastand

import (
	"sort"
	"strings"
	"time"
)

// Message is a letter or an SMS.
type Message struct {
	// Server is who sent it, IDP or Diary.
	Server string `json:"-"`
	// Seq is 1, 2, 3, … in the order of sending, at that server.
	Seq uint64 `json:"seq"`
	// At is by the world's clock.
	At time.Time `json:"at"`
	// Channel is "email" or "sms".
	Channel string `json:"channel"`
	// To is an e-mail address or a phone.
	To string `json:"to"`
	// Subject of a letter.
	Subject string `json:"subject"`
	// Text without the link.
	Text string `json:"text"`
	// Link in it, as a whole URL.
	Link string `json:"link"`
}

// Outbox is what both servers have sent in a world; nothing leaves the machine.
type Outbox struct{ world *World }

// All is newest first; to some addresses, or to all where none is named.
func (o *Outbox) All(to ...string) []Message {
	o.world.t.Helper()
	var found []Message
	for _, server := range o.world.Servers {
		var sentBy []Message
		o.world.must(server.call(readOutbox, sent{}, &sentBy))
		for _, message := range sentBy {
			if message.Server = server.Server; len(to) == 0 || contains(to, message.To) {
				found = append(found, message)
			}
		}
	}
	sort.SliceStable(found, func(one, other int) bool { return found[one].At.After(found[other].At) })
	return found
}

// Wait is the newest message to one of the addresses whose subject, text or link holds a text; it is waited for up to five
// seconds where it is not there yet.
func (o *Outbox) Wait(containing string, to ...string) Message {
	o.world.t.Helper()
	for endsAt := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		there := o.All(to...)
		for _, message := range there {
			if strings.Contains(message.Subject+"\n"+message.Text+"\n"+message.Link, containing) {
				return message
			}
		}
		if time.Now().After(endsAt) {
			o.world.t.Fatalf("no message to %v with %q within five seconds; there are %d others: %v", to, containing, len(there), there)
		}
	}
}
