package esiastand

import (
	"fmt"
	"path"
	"reflect"
	"strings"
	"testing"
)

type object = map[string]any

func documents(t *testing.T) map[string]object {
	t.Helper()
	found := map[string]object{}
	for _, server := range Shared(t).Servers {
		var document object
		if err := server.Do("GET", "/control/openapi.json", nil, &document); err != nil {
			t.Fatal(err)
		}
		found[server.Server] = document
	}
	return found
}

// within follows names into an object; nil where there is no such place.
func within(value any, names ...string) any {
	for _, name := range names {
		inner, _ := value.(object)
		value = inner[name]
	}
	return value
}

// properties are the names of the fields of an object, or of the items of a list.
func properties(document object, schema any) []string {
	if ref, ok := within(schema, "$ref").(string); ok {
		return properties(document, within(document, "components", "schemas", path.Base(ref)))
	}
	if items := within(schema, "items"); items != nil {
		return properties(document, items)
	}
	var names []string
	fields, _ := within(schema, "properties").(object)
	for name := range fields {
		names = append(names, name)
	}
	parts, _ := within(schema, "allOf").([]any)
	for _, part := range parts {
		names = append(names, properties(document, part)...)
	}
	return names
}

func schemaOf(described any) any {
	media, _ := within(described, "content").(object)
	for _, one := range media {
		return within(one, "schema")
	}
	return nil
}

// differences are what of a call the document does not have.
func differences(document object, asked call) []string {
	operation := within(document, "paths", asked.path, strings.ToLower(asked.method))
	named := asked.method + " " + asked.path
	if operation == nil {
		return []string{named}
	}
	var missing []string
	without := func(wanted, known []string) {
		for _, name := range wanted {
			if !contains(known, name) {
				missing = append(missing, named+": "+name)
			}
		}
	}
	if len(asked.sends) > 0 {
		without(asked.sends, properties(document, schemaOf(within(operation, "requestBody"))))
	}
	var parameters []string
	listed, _ := within(operation, "parameters").([]any)
	for _, one := range listed {
		if within(one, "in") == "query" {
			parameters = append(parameters, fmt.Sprint(within(one, "name")))
		}
	}
	without(asked.asks, parameters)
	if len(asked.reads) > 0 && !asked.opaque {
		for status, answer := range within(operation, "responses").(object) {
			if strings.HasPrefix(status, "2") {
				without(asked.reads, properties(document, schemaOf(answer)))
				break
			}
		}
	}
	return missing
}

func TestEveryCallIsInTheDocumentOfItsServers(t *testing.T) {
	for server, document := range documents(t) {
		for _, asked := range calls {
			if asked.idpOnly && server == Diary {
				continue
			}
			if missing := differences(document, asked); missing != nil {
				t.Errorf("%s has no %v", server, missing)
			}
		}
	}
}

func TestWhatIsNotInTheDocumentIsFound(t *testing.T) {
	wrong := call{method: "POST", path: "/control/faults", sends: []string{"falt"}, asks: []string{"ask"}, reads: []string{"no"}}
	known := documents(t)
	want := []string{"POST /control/faults: falt", "POST /control/faults: ask", "POST /control/faults: no"}
	if found := differences(known[IDP], wrong); !reflect.DeepEqual(found, want) {
		t.Error(found)
	}
	if found := differences(known[Diary], wrong); !reflect.DeepEqual(found, want[:0:0]) && len(found) != 1 {
		t.Error(found)
	}
}

func TestNothingElseIsSentOrRead(t *testing.T) {
	idp := Shared(t).Servers[0]
	err := idp.call(makeWorld, sent{body: map[string]any{"name": "x", "seeed": 1}}, nil)
	if err == nil || !strings.Contains(err.Error(), "takes no seeed") {
		t.Error(err)
	}
	kept, err := pick([]byte(`[{"now": 12345678901234567890, "mode": "real"}]`), readClock.reads)
	if err != nil || string(kept) != `[{"now":12345678901234567890}]` {
		t.Error(string(kept), err)
	}
}
