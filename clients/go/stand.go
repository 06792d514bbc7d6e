package esiastand

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Stand is both servers of a stand that is running.
type Stand struct {
	// Servers are the control API of Gosuslugi and, where it is known, of the diary.
	Servers []*Control
}

var shared struct {
	once  sync.Once
	stand *Stand
	// program is held: once it were collected, its input would close, and the servers would stop.
	program *program
	err     error
}

// Shared is the stand of this test binary: the one that ESIA_STAND_URL names (with ESIA_STAND_DIARY,
// ESIA_STAND_CONTROL_TOKEN, ESIA_STAND_CA), else one that is started with the arguments of ESIA_STAND_ARGS.
func Shared(t testing.TB) *Stand {
	t.Helper()
	shared.once.Do(func() { shared.stand, shared.err = open() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.stand
}

// open finds or starts the stand; nobody else writes shared.program.
func open() (*Stand, error) {
	token := os.Getenv("ESIA_STAND_CONTROL_TOKEN")
	if named := os.Getenv("ESIA_STAND_URL"); named != "" {
		return at(ready{IDP: named, Diary: os.Getenv("ESIA_STAND_DIARY"), CAFile: os.Getenv("ESIA_STAND_CA")}, token)
	}
	started, err := start(strings.Fields(os.Getenv("ESIA_STAND_ARGS"))...)
	if err != nil {
		return nil, err
	}
	shared.program = started
	return at(started.ready, token)
}

func at(where ready, token string) (*Stand, error) {
	stand := &Stand{}
	for server, address := range map[string]string{IDP: where.IDP, Diary: where.Diary} {
		if address == "" {
			continue
		}
		control, err := newControl(server, address, token, where.CAFile)
		if err != nil {
			return nil, err
		}
		stand.Servers = append(stand.Servers, control)
	}
	// Gosuslugi come first.
	if len(stand.Servers) == 2 && stand.Servers[0].Server == Diary {
		stand.Servers[0], stand.Servers[1] = stand.Servers[1], stand.Servers[0]
	}
	return stand, nil
}

// everywhere makes a world at each server, or at none.
func (s *Stand) everywhere(t testing.TB, name string, made call, what sent) *World {
	t.Helper()
	what.body["name"] = name
	var done []*Control
	for _, server := range s.Servers {
		var view struct {
			URL string `json:"url"`
		}
		if err := server.call(made, what, &view); err != nil {
			(&World{Name: name, Servers: done, t: t}).drop()
			t.Fatal(err)
		}
		done = append(done, server.within(view.URL))
	}
	return newWorld(t, name, done)
}

var noNameHas = regexp.MustCompile(`[^a-z0-9]+`)

// newName is one that no other world has, with as much of a test's name as a name can hold; at a shared stand it begins with
// ESIA_STAND_TEAM.
func newName(about string) string {
	told := strings.ToLower(os.Getenv("ESIA_STAND_TEAM") + "-" + about)
	slug := strings.TrimLeft(noNameHas.ReplaceAllString(told, "-"), "-")
	if len(slug) > 40 {
		slug = slug[:40]
	}
	if slug = strings.Trim(slug, "-"); slug == "" {
		slug = "t"
	}
	random := make([]byte, 5)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	return slug + "-" + hex.EncodeToString(random)
}
