package esiastand

import "strconv"

// Faults are what Gosuslugi do wrong on purpose in a world; `esia-stand faults` prints the catalogue.
type Faults struct{ world *World }

// FaultOptions say whom a fault meets, and how often.
type FaultOptions struct {
	// Requests is how many answers it changes; 0: all until it is lifted.
	Requests int
	// Client is the client_id of the one client that meets it.
	Client string
	// Person is the key or the login of the one person who meets it.
	Person string
	// Until is by the world's clock, RFC 3339.
	Until string
	// Parameters say it more exactly, as the catalogue names them.
	Parameters map[string]any
}

// Fault is a fault that is set.
type Fault struct {
	// Number in the world.
	Number uint64 `json:"number"`
	// Fault is its name in the catalogue, as "claim.aud-other".
	Fault string `json:"fault"`
	// Parameters are what was said more exactly.
	Parameters map[string]any `json:"parameters"`
	// Left is how many answers it will still change; nil where no number was said.
	Left  *int `json:"left"`
	world *World
}

// Set makes answers wrong in this one way from now on.
func (f *Faults) Set(fault string, options FaultOptions) *Fault {
	f.world.t.Helper()
	body := map[string]any{"fault": fault}
	for field, value := range map[string]string{"client": options.Client, "person": options.Person, "until": options.Until} {
		if value != "" {
			body[field] = value
		}
	}
	if options.Requests != 0 {
		body["requests"] = options.Requests
	}
	if options.Parameters != nil {
		body["parameters"] = options.Parameters
	}
	made := &Fault{world: f.world}
	f.world.must(f.world.Server(IDP).call(setFault, sent{body: body}, made))
	return made
}

// All are those that are set, in the order in which they were.
func (f *Faults) All() []Fault {
	f.world.t.Helper()
	var there []Fault
	f.world.must(f.world.Server(IDP).call(listFaults, sent{}, &there))
	for index := range there {
		there[index].world = f.world
	}
	return there
}

// Clear lifts all of them.
func (f *Faults) Clear() {
	f.world.t.Helper()
	f.world.must(f.world.Server(IDP).call(liftFaults, sent{}, nil))
}

// Lift takes it back; one that has played already is gone anyway.
func (f *Fault) Lift() {
	f.world.t.Helper()
	for _, there := range f.world.Faults.All() {
		if there.Number == f.Number {
			parts := map[string]string{"number": strconv.FormatUint(f.Number, 10)}
			f.world.must(f.world.Server(IDP).call(liftFault, sent{parts: parts}, nil))
		}
	}
}
