package inner

import (
	"net/http"
	"testing"

	"esia-stand.example/esiastand"
)

func TestWrong(t *testing.T) {
	world := esiastand.NewWorld(t)
	world.Person("анна").OpenSession()
	answer, err := http.Get(world.URL() + "/aas/oauth2/ac?client_id=NOBODY")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 {
		t.Errorf("no page: %d", answer.StatusCode)
	}
}
