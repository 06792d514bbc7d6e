package esiastand

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// World is a world of the stand: what is done in it is seen in no other. Its methods end the test where the stand refuses.
type World struct {
	// Name is its name in addresses.
	Name string
	// Servers are its control API, at Gosuslugi and in the diary.
	Servers []*Control
	// Clock is the time of both servers.
	Clock *Clock
	// Outbox holds letters and SMS.
	Outbox *Outbox
	// Faults are what Gosuslugi do wrong on purpose.
	Faults *Faults
	// Verdicts are what the servers think of requests.
	Verdicts *Verdicts
	t        testing.TB
}

// Option says what a world is made from.
type Option func(*origin)

type origin struct {
	of   string
	seed any
}

// Of makes a copy of another world than main.
func Of(world string) Option { return func(o *origin) { o.of = world } }

// Seed makes a world from a documented seed, as "петровы", or from a document of one's own.
func Seed(seed any) Option { return func(o *origin) { o.seed = seed } }

// NewWorld is a world of this test's own, a copy of main as it is; it is gone after the test. When the test fails, its log tells
// the refused requests and the timeline of the world.
func NewWorld(t testing.TB, options ...Option) *World {
	t.Helper()
	from := origin{of: "main"}
	for _, option := range options {
		option(&from)
	}
	stand, name := Shared(t), newName(t.Name())
	var world *World
	if from.seed != nil {
		world = stand.everywhere(t, name, makeWorld, sent{body: map[string]any{"seed": from.seed}})
	} else {
		world = stand.everywhere(t, name, forkWorld, sent{parts: map[string]string{"name": from.of}, body: map[string]any{}})
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(world.story())
		}
		world.drop()
	})
	return world
}

func newWorld(t testing.TB, name string, servers []*Control) *World {
	world := &World{Name: name, Servers: servers, t: t}
	world.Clock, world.Outbox = &Clock{world}, &Outbox{world}
	world.Faults, world.Verdicts = &Faults{world}, &Verdicts{world}
	return world
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Server is the control API at IDP or Diary.
func (w *World) Server(name string) *Control {
	w.t.Helper()
	for _, server := range w.Servers {
		if server.Server == name {
			return server
		}
	}
	if name == Diary {
		w.t.Fatal("the stand was named without its diary: set ESIA_STAND_DIARY beside ESIA_STAND_URL")
	}
	w.t.Fatalf("there is no server %q: it is %q or %q", name, IDP, Diary)
	return nil
}

// URL is the address of Gosuslugi in this world: base URL of ЕСИА's protocol, issuer of OpenID Connect.
func (w *World) URL() string { return w.Server(IDP).URL }

// Person is somebody of the world by the key in its seed, as "анна", or by the login.
func (w *World) Person(key string) *Person { return &Person{Key: key, world: w} }

// Register registers a client system and answers with its client_id; fields are those of PUT /control/clients/{mnemonic}.
func (w *World) Register(mnemonic string, registration map[string]any) string {
	w.t.Helper()
	body := map[string]any{"mnemonic": mnemonic, "title": mnemonic, "organisation": mnemonic}
	for field, value := range registration {
		body[field] = value
	}
	w.must(w.Server(IDP).call(register, sent{parts: map[string]string{"mnemonic": mnemonic}, body: body}, nil))
	return mnemonic
}

// Line is one thing that has happened.
type Line struct {
	// Server is IDP or Diary.
	Server string `json:"-"`
	// At is by the world's clock.
	At time.Time `json:"at"`
	// RecordedAt is by the machine's clock; of the world's last events.
	RecordedAt time.Time `json:"recorded_at"`
	// Seq is 1, 2, 3, … at that server.
	Seq uint64 `json:"seq"`
	// Text is one Russian sentence.
	Text string `json:"text"`
	// Request is the request that it was decided for, 0 where there is none.
	Request uint64 `json:"request"`
}

// Timeline is what has happened at both servers, oldest first.
func (w *World) Timeline() []Line {
	w.t.Helper()
	lines, err := w.timeline()
	w.must(err)
	return lines
}

func (w *World) timeline() ([]Line, error) {
	const page = 1000
	var all []Line
	for _, server := range w.Servers {
		for after := uint64(0); ; {
			var lines []Line
			query := map[string]string{"after": strconv.FormatUint(after, 10), "limit": strconv.Itoa(page)}
			if err := server.call(readTimeline, sent{query: query}, &lines); err != nil {
				return nil, err
			}
			for index := range lines {
				lines[index].Server = server.Server
			}
			all = append(all, lines...)
			if len(lines) < page {
				break
			}
			after = lines[len(lines)-1].Seq
		}
	}
	sort.SliceStable(all, func(one, other int) bool {
		if !all[one].At.Equal(all[other].At) {
			return all[one].At.Before(all[other].At)
		}
		return all[one].RecordedAt.Before(all[other].RecordedAt)
	})
	return all, nil
}

// Reset begins it anew from its seed.
func (w *World) Reset() {
	w.t.Helper()
	for _, server := range w.Servers {
		w.must(w.root(server).call(resetWorld, sent{parts: map[string]string{"name": w.Name}}, nil))
	}
}

// drop deletes it at both servers; one that is gone already is none to complain of.
func (w *World) drop() {
	for _, server := range w.Servers {
		err := w.root(server).call(dropWorld, sent{parts: map[string]string{"name": w.Name}}, nil)
		var refused *ControlError
		if err != nil && !(errors.As(err, &refused) && refused.Status == 404) {
			w.t.Error(err)
		}
	}
}

func (w *World) root(server *Control) *Control {
	return server.within(strings.TrimSuffix(server.URL, "/w/"+w.Name))
}

const (
	// linesTold is how many lines of a long timeline are shown, from its end.
	linesTold = 60
	// verdictsTold is how many of many refused requests are shown.
	verdictsTold = 10
)

// story is what a failed test tells of its world; where that cannot be had, why.
func (w *World) story() string {
	var told strings.Builder
	fmt.Fprintf(&told, "esia-stand: world %s\nGosuslugi of this world: %s/\n\n", w.Name, w.Servers[0].URL)
	failed, err := w.Verdicts.find(Wanted{Verdict: "failed"})
	if err == nil {
		fmt.Fprintf(&told, "failed verdicts: %d\n", len(failed))
		for index, verdict := range failed {
			if index == verdictsTold {
				fmt.Fprintf(&told, "  … %d more\n", len(failed)-index)
				break
			}
			fmt.Fprintf(&told, "  %s\n", strings.ReplaceAll(verdict.String(), "\n", "\n  "))
		}
		var lines []Line
		if lines, err = w.timeline(); err == nil {
			tell(&told, lines)
			return told.String()
		}
	}
	return fmt.Sprintf("esia-stand: the story of the world %s cannot be had: %v", w.Name, err)
}

func tell(told *strings.Builder, lines []Line) {
	fmt.Fprintln(told, "\ntimeline (Moscow time):")
	if before := len(lines) - linesTold; before > 0 {
		fmt.Fprintf(told, "  … %d before\n", before)
		lines = lines[before:]
	}
	moscow := time.FixedZone("MSK", 3*60*60)
	for _, line := range lines {
		who := map[string]string{IDP: "Gosuslugi", Diary: "diary    "}[line.Server]
		fmt.Fprintf(told, "  %s  %s  %s", line.At.In(moscow).Format("2006-01-02 15:04:05"), who, line.Text)
		if line.Request != 0 {
			fmt.Fprintf(told, "  [request %d]", line.Request)
		}
		fmt.Fprintln(told)
	}
}
