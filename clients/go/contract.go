package esiastand

// The servers of a stand.
const (
	// IDP is the mock Gosuslugi.
	IDP = "idp"
	// Diary is the school diary.
	Diary = "diary"
)

// call is one operation of the control API. Nothing else is asked, nothing else of an answer is read, and a test holds this
// against the OpenAPI document of the program.
type call struct {
	method string
	// path as the document writes it, with parameters in braces.
	path string
	// sends are the fields of the body, asks the parameters of the query, reads the fields of the answer or of its items.
	sends, asks, reads []string
	// idpOnly: the diary does not have it.
	idpOnly bool
	// opaque: the document says no more than "an object" about the answer.
	opaque bool
}

var (
	forkWorld  = call{method: "POST", path: "/control/worlds/{name}/fork", sends: []string{"name"}, reads: []string{"url"}}
	makeWorld  = call{method: "POST", path: "/control/worlds", sends: []string{"name", "seed"}, reads: []string{"url"}}
	dropWorld  = call{method: "DELETE", path: "/control/worlds/{name}"}
	resetWorld = call{method: "POST", path: "/control/worlds/{name}/reset", reads: []string{"url"}}

	readClock = call{method: "GET", path: "/control/clock", reads: []string{"now"}}
	moveClock = call{
		method: "POST", path: "/control/clock",
		sends: []string{"advance", "advance-working-days", "to", "mode"}, reads: []string{"now"},
	}

	listPeople = call{
		method: "GET", path: "/control/people",
		reads: []string{"key", "name", "about", "login", "password", "contacts", "oid"},
	}
	openSession = call{
		method: "POST", path: "/control/people/{key}/session", reads: []string{"session", "link", "link_expires_at"},
	}

	readOutbox = call{
		method: "GET", path: "/control/outbox",
		reads: []string{"seq", "at", "channel", "to", "subject", "text", "link"},
	}

	listFaults = call{method: "GET", path: "/control/faults", reads: faultFields, idpOnly: true}
	setFault   = call{
		method: "POST", path: "/control/faults",
		sends: []string{"fault", "parameters", "requests", "client", "person", "until"}, reads: faultFields, idpOnly: true,
	}
	liftFault  = call{method: "DELETE", path: "/control/faults/{number}", idpOnly: true}
	liftFaults = call{method: "DELETE", path: "/control/faults", idpOnly: true}

	readTimeline = call{
		method: "GET", path: "/control/timeline", asks: []string{"after", "limit"},
		reads: []string{"seq", "at", "recorded_at", "text", "request"},
	}
	listRequests = call{
		method: "GET", path: "/control/requests", asks: []string{"client", "verdict", "limit"}, reads: journalFields, opaque: true,
	}
	readRequest = call{method: "GET", path: "/control/requests/{id}", reads: journalFields, opaque: true}

	register = call{
		method: "PUT", path: "/control/clients/{mnemonic}",
		sends: []string{
			"mnemonic", "title", "organisation", "scopes", "redirect-domains", "certificates", "oidc", "esia",
		},
		reads: []string{"mnemonic", "title"}, idpOnly: true,
	}
)

var (
	faultFields   = []string{"number", "fault", "parameters", "left", "client", "person"}
	journalFields = []string{"id", "at", "method", "target", "status", "client", "verdict"}
)

// calls are all of them.
var calls = []call{
	forkWorld, makeWorld, dropWorld, resetWorld, readClock, moveClock, listPeople, openSession, readOutbox, listFaults, setFault,
	liftFault, liftFaults, readTimeline, listRequests, readRequest, register,
}
