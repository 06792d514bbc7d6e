package esiastand

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWithoutAProgramTheWaysOutAreTold(t *testing.T) {
	t.Setenv("ESIA_STAND_BIN", "")
	t.Setenv("PATH", t.TempDir())
	_, err := find()
	for _, way := range []string{"pip install esia-stand", "ESIA_STAND_BIN=", "ESIA_STAND_URL="} {
		if err == nil || !strings.Contains(err.Error(), way) {
			t.Error(err)
		}
	}
	t.Setenv("ESIA_STAND_BIN", t.TempDir())
	if _, err := find(); err == nil || !strings.Contains(err.Error(), "is no program") {
		t.Error(err)
	}
}

func TestAProgramThatDoesNotStartIsToldInItsOwnWords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "esia-stand")
	if err := os.WriteFile(file, []byte("#!/bin/sh\necho 'no such seed' >&2\nexit 2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ESIA_STAND_BIN", file)
	if _, err := start(); err == nil || err.Error() != "esia-stand serve does not start:\nno such seed" {
		t.Error(err)
	}
}

func TestAStandIsStartedWithArgumentsAndStopped(t *testing.T) {
	started, err := start("--tls")
	if err != nil {
		t.Fatal(err)
	}
	stand, err := at(started.ready, "")
	if err != nil {
		t.Fatal(err)
	}
	idp := stand.Servers[0]
	if err := idp.Do("GET", "/health/live", nil, nil); err != nil || !strings.HasPrefix(idp.URL, "https:") {
		t.Error(idp.URL, err)
	}
	started.stop()
	if err := idp.Do("GET", "/health/live", nil, nil); err == nil {
		t.Error("the servers are there still")
	}
}

// inner runs one test of the folder testdata/inner with this package, in a process of its own.
func inner(t *testing.T, name string) (string, error) {
	t.Helper()
	command := exec.Command("go", "test", "-count=1", "-run", "^"+name+"$", "-v", "./testdata/inner")
	said, err := command.CombinedOutput()
	return string(said), err
}

func TestAFailedTestTellsItsStoryAndItsStandEnds(t *testing.T) {
	said, err := inner(t, "TestWrong")
	if err == nil {
		t.Fatal(said)
	}
	for _, line := range []string{
		"esia-stand: world testwrong-",
		"failed verdicts: 1",
		"GET /aas/oauth2/ac?client_id=NOBODY → 400",
		"failed client ESIA-008010",
		"timeline (Moscow time):",
		"Петрова Анна Сергеевна: вход на Госуслуги",
	} {
		if !strings.Contains(said, line) {
			t.Errorf("%q is not in\n%s", line, said)
		}
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(said)
	idp, err := newControl(IDP, address, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for endsAt := time.Now().Add(10 * time.Second); idp.Do("GET", "/health/live", nil, nil) == nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(endsAt) {
			t.Fatal("the servers outlive the test binary")
		}
	}
}

func TestTheExampleOfTheReadmePasses(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```go\n(.*?)```").FindStringSubmatch(string(readme))[1]
	folder := filepath.Join("testdata", "example")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.WriteFile(filepath.Join(folder, "example_test.go"), []byte(example), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("go", "test", "-count=1", "-v", "./testdata/example").CombinedOutput(); err != nil ||
		strings.Count(string(said), "--- PASS") != 2 {
		t.Errorf("%v\n%s", err, said)
	}
}

func TestAStandOutlivesACollectionOfWhatIsUnused(t *testing.T) {
	world := NewWorld(t)
	// The first one finds what is unused, and runs its finalizers; the second one is after them.
	for range [2]struct{}{} {
		runtime.GC()
		time.Sleep(50 * time.Millisecond)
	}
	world.Clock.Now()
}
