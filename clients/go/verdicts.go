package esiastand

import (
	"fmt"
	"net/http"
	"sort"
	"strings"
	"time"
)

// RequestHeader is the header by which an answer names its request.
const RequestHeader = "X-Esia-Stand-Request"

// Check is one check of a request.
type Check struct {
	// Rule is its stable name, as "client-signature".
	Rule string `json:"rule"`
	// Source is where the rule stands.
	Source string `json:"source"`
	// Outcome is "passed", "failed" or "tolerated".
	Outcome string `json:"outcome"`
	// Expected is what the rule wants, in Russian; Got is what the request had.
	Expected string `json:"expected"`
	Got      string `json:"got"`
	// Error is the code that ЕСИА answers with.
	Error string `json:"error"`
	// Mistakes explain it: `esia-stand mistakes NAME` tells how to mend them.
	Mistakes []string `json:"mistakes"`
}

// Verdict is a request with its checks.
type Verdict struct {
	// Server is who got it, IDP or Diary.
	Server string `json:"-"`
	// Page shows it in full.
	Page string `json:"-"`
	// ID is what X-Esia-Stand-Request carries.
	ID uint64 `json:"id"`
	// At is by the world's clock.
	At     time.Time `json:"at"`
	Method string    `json:"method"`
	// Target is path and query, inside the world.
	Target string `json:"target"`
	// Status of the answer, 0 where there was none.
	Status int `json:"status"`
	// Client is the client_id, where the request named one.
	Client string  `json:"client"`
	Checks []Check `json:"verdict"`
}

// Failed are the checks that refused the request.
func (v *Verdict) Failed() []Check { return v.of("failed") }

// Tolerated are the checks that a strict provider would have refused it by.
func (v *Verdict) Tolerated() []Check { return v.of("tolerated") }

func (v *Verdict) of(outcome string) []Check {
	var found []Check
	for _, check := range v.Checks {
		if check.Outcome == outcome {
			found = append(found, check)
		}
	}
	return found
}

func (v *Verdict) String() string {
	lines := []string{fmt.Sprintf("%s %s → %d (%s)", v.Method, v.Target, v.Status, v.Page)}
	for _, check := range append(v.Failed(), v.Tolerated()...) {
		named := strings.TrimSpace(check.Rule + " " + check.Error)
		lines = append(lines, fmt.Sprintf("  %s %s (%s)", check.Outcome, named, check.Source))
		lines = append(lines, "    expected: "+check.Expected, "    got:      "+check.Got)
		for _, mistake := range check.Mistakes {
			lines = append(lines, "    mistake:  "+mistake)
		}
	}
	return strings.Join(lines, "\n")
}

// Wanted says which verdicts are wanted.
type Wanted struct {
	// Client is the client_id of the requests.
	Client string
	// Verdict is "failed", "tolerated", "ok", "none", or the name of a rule or a mistake.
	Verdict string
}

// Verdicts are what the servers think of the requests that they got in a world.
type Verdicts struct{ world *World }

// All are oldest first.
func (v *Verdicts) All(wanted Wanted) []Verdict {
	v.world.t.Helper()
	found, err := v.find(wanted)
	v.world.must(err)
	return found
}

// Failed are the requests that were refused.
func (v *Verdicts) Failed() []Verdict {
	v.world.t.Helper()
	return v.All(Wanted{Verdict: "failed"})
}

// Of is the verdict of an answer, by its number.
func (v *Verdicts) Of(answer *http.Response) Verdict {
	v.world.t.Helper()
	number, address := answer.Header.Get(RequestHeader), answer.Request.URL.String()
	if number == "" {
		v.world.t.Fatalf("the answer has no header %s: it is not of a server of the stand", RequestHeader)
	}
	for _, server := range v.world.Servers {
		if strings.HasPrefix(address, server.URL+"/") {
			var found Verdict
			v.world.must(server.call(readRequest, sent{parts: map[string]string{"id": number}}, &found))
			return found.at(server)
		}
	}
	v.world.t.Fatalf("%s is not of the world %s", address, v.world.Name)
	return Verdict{}
}

func (v *Verdicts) find(wanted Wanted) ([]Verdict, error) {
	var all []Verdict
	query := map[string]string{"client": wanted.Client, "verdict": wanted.Verdict, "limit": "500"}
	for _, server := range v.world.Servers {
		var found []Verdict
		if err := server.call(listRequests, sent{query: query}, &found); err != nil {
			return nil, err
		}
		for _, verdict := range found {
			all = append(all, verdict.at(server))
		}
	}
	sort.SliceStable(all, func(one, other int) bool { return all[one].At.Before(all[other].At) })
	return all, nil
}

func (v Verdict) at(server *Control) Verdict {
	v.Server = server.Server
	v.Page = fmt.Sprintf("%s/control/console/requests/%d", server.URL, v.ID)
	return v
}
