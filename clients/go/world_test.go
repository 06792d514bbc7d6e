package esiastand

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const stranger = "/aas/oauth2/ac?client_id=NOBODY"

func get(t *testing.T, client *http.Client, address string) (int, string) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func tells(world *World, text string) bool {
	for _, line := range world.Timeline() {
		if strings.Contains(line.Text, text) {
			return true
		}
	}
	return false
}

func TestWhatIsDoneInAWorldIsSeenInNoOther(t *testing.T) {
	t.Parallel()
	world, other := NewWorld(t), NewWorld(t)
	world.Person("анна").OpenSession()
	if !tells(world, "Анна") || tells(other, "Анна") {
		t.Errorf("%v\n%v", world.Timeline(), other.Timeline())
	}
}

func TestAWorldIsMadeFromADocumentedSeed(t *testing.T) {
	t.Parallel()
	world := NewWorld(t, Seed("две-школы"))
	if name := world.Person("марина").About().Name; name != "Ершова Марина Сергеевна" {
		t.Error(name)
	}
}

func TestBothClocksAreMoved(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	before := world.Clock.Now()
	if after := world.Clock.Advance("15m"); after.Sub(before) < 15*time.Minute {
		t.Error(before, after)
	}
	stopped := world.Clock.Freeze()
	for _, server := range world.Servers {
		var told struct {
			Now  time.Time `json:"now"`
			Mode string    `json:"mode"`
		}
		if err := server.Do("GET", "/control/clock", nil, &told); err != nil {
			t.Fatal(err)
		}
		if !told.Now.Equal(stopped) || told.Mode != "frozen" {
			t.Errorf("%s: %v, not %v", server.Server, told, stopped)
		}
	}
	later := time.Date(2035, 1, 9, 9, 0, 0, 0, time.FixedZone("MSK", 3*60*60))
	if now := world.Clock.To(later); !now.Equal(later) {
		t.Error(now)
	}
	if now := world.Clock.AdvanceWorkingDays(1); !now.Equal(later.AddDate(0, 0, 1)) {
		t.Error(now)
	}
	world.Clock.Run()
	if now := world.Clock.Now(); !now.After(later.AddDate(0, 0, 1)) {
		t.Error("the clock stands at", now)
	}
}

func TestAClientIsSignedInAtBothServers(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	client := &http.Client{}
	if _, page := get(t, client, world.URL()+"/lk"); strings.Contains(page, "Петрова") {
		t.Error("somebody is signed in already")
	}
	world.Person("anna@example.test").SignIn(client)
	if _, page := get(t, client, world.URL()+"/lk"); !strings.Contains(page, "Петрова Анна") {
		t.Error(page)
	}
	world.Person("анна").SignInAt(Diary, client)
	if status, page := get(t, client, world.Server(Diary).URL+"/diary"); status != 200 || !strings.Contains(page, "Выйти") {
		t.Error(status, page)
	}
}

func TestALinkSignsInOnceAndLeadsOn(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	session := world.Person("анна").OpenSession()
	jar := &http.Client{}
	world.Person("маша").SignIn(jar)
	if _, page := get(t, jar, session.LinkTo("/lk/family")); !strings.Contains(page, "Семья и дети") {
		t.Error(page)
	}
	if status, _ := get(t, http.DefaultClient, session.Link); status != 410 {
		t.Error(status)
	}
}

func TestLettersAreKept(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	anna := world.Person("анна")
	if sent := anna.Outbox(); len(sent) != 0 {
		t.Error(sent)
	}
	login := map[string]string{"login": "anna@example.test"}
	if err := world.Server(IDP).Do("POST", "/lk/api/recovery", login, nil); err != nil {
		t.Fatal(err)
	}
	letter := world.Outbox.Wait("", anna.About().Contacts...)
	if letter.Server != IDP || letter.To != "anna@example.test" || !strings.HasPrefix(letter.Link, world.URL()) {
		t.Errorf("%+v", letter)
	}
	if others := world.Outbox.All("masha@example.test"); len(others) != 0 {
		t.Error(others)
	}
}

func TestAFaultIsSetAndLifted(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	options := FaultOptions{Requests: 2, Person: "анна", Parameters: map[string]any{"token": "id"}}
	fault := world.Faults.Set("hdr.alg-none", options)
	there := world.Faults.All()
	if len(there) != 1 || there[0].Fault != "hdr.alg-none" || *there[0].Left != 2 || there[0].Parameters["token"] != "id" {
		t.Errorf("%+v", there)
	}
	fault.Lift()
	fault.Lift()
	world.Faults.Set("claim.aud-other", FaultOptions{})
	world.Faults.Clear()
	if there := world.Faults.All(); len(there) != 0 {
		t.Errorf("%+v", there)
	}
}

func TestAVerdictSaysWhatWasWrongWithARequest(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	answer, err := http.Get(world.URL() + stranger)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	failed := world.Verdicts.Failed()
	if len(failed) != 1 || failed[0].String() != func() string { v := world.Verdicts.Of(answer); return v.String() }() {
		t.Fatalf("%v", failed)
	}
	checks := failed[0].Failed()
	if len(checks) != 1 || checks[0].Error != "ESIA-008010" || checks[0].Mistakes[0] != "client-unknown=NOBODY" {
		t.Errorf("%+v", checks)
	}
	if status, _ := get(t, http.DefaultClient, failed[0].Page); status != 200 {
		t.Error(status)
	}
	if others := world.Verdicts.All(Wanted{Client: "SOMEBODY", Verdict: "failed"}); len(others) != 0 {
		t.Errorf("%v", others)
	}
}

func TestAClientSystemIsKnownInOneWorldUntilItBeginsAnew(t *testing.T) {
	t.Parallel()
	world := NewWorld(t)
	oidc := map[string]any{"redirect-uris": []string{"http://127.0.0.1:3000/callback"}, "secret": "test"}
	world.Register("MY-SITE", map[string]any{"scopes": []string{"openid"}, "oidc": oidc})
	known := func() error { return world.Server(IDP).Do("GET", "/control/clients/MY-SITE", nil, nil) }
	if err := known(); err != nil {
		t.Error(err)
	}
	if err := Shared(t).Servers[0].Do("GET", "/control/clients/MY-SITE", nil, nil); err == nil {
		t.Error("main knows it too")
	}
	world.Reset()
	if err := known(); err == nil {
		t.Error("it is known still")
	}
}
