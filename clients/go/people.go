package esiastand

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sort"
	"strings"
	"time"
)

// Person is somebody of a world.
type Person struct {
	// Key in the seed, as "анна".
	Key   string
	world *World
}

// About is what the servers tell of somebody.
type About struct {
	Key string `json:"key"`
	// Name is «Фамилия Имя Отчество».
	Name string `json:"name"`
	// About is what the person is in the story, in Russian.
	About string `json:"about"`
	// Login and Password are what is typed while passwords work.
	Login    string `json:"login"`
	Password string `json:"password"`
	// Contacts are e-mail addresses and phones, of both servers.
	Contacts []string `json:"contacts"`
	// OID is the number of the account at Gosuslugi, 0 where there is none.
	OID int64 `json:"oid"`
}

// Session is a session that was opened without a password.
type Session struct {
	// Token is for `Authorization: Bearer` at the JSON endpoints of the person.
	Token string `json:"session"`
	// Link signs in whatever browser opens it, once.
	Link string `json:"link"`
	// LinkExpiresAt is by the world's clock.
	LinkExpiresAt time.Time `json:"link_expires_at"`
	// Cookies are those of the pages.
	Cookies []*http.Cookie `json:"-"`
}

// LinkTo is the link, leading on to a page of the same world, as "/lk/family".
func (s *Session) LinkTo(page string) string { return s.Link + "?next=" + url.QueryEscape(page) }

// About asks both servers about this person.
func (p *Person) About() About {
	p.world.t.Helper()
	var found *About
	keys := map[string]bool{}
	for _, server := range p.world.Servers {
		var people []About
		p.world.must(server.call(listPeople, sent{}, &people))
		for index, one := range people {
			keys[one.Key] = true
			if one.Key != p.Key && one.Login != p.Key {
				continue
			}
			if found == nil {
				found = &people[index]
				continue
			}
			for _, contact := range one.Contacts {
				if !contains(found.Contacts, contact) {
					found.Contacts = append(found.Contacts, contact)
				}
			}
		}
	}
	if found == nil {
		var known []string
		for key := range keys {
			known = append(known, key)
		}
		sort.Strings(known)
		p.world.t.Fatalf("nobody in the world %s is called %q; there are: %s", p.world.Name, p.Key, strings.Join(known, ", "))
	}
	return *found
}

// Outbox is letters and SMS to this person, newest first.
func (p *Person) Outbox() []Message {
	p.world.t.Helper()
	return p.world.Outbox.All(p.About().Contacts...)
}

// OpenSession opens a session at Gosuslugi and leaves it to the caller what to do with it.
func (p *Person) OpenSession() *Session {
	p.world.t.Helper()
	return p.OpenSessionAt(IDP)
}

// OpenSessionAt does the same at IDP or Diary.
func (p *Person) OpenSessionAt(server string) *Session {
	p.world.t.Helper()
	path := strings.ReplaceAll(openSession.path, "{key}", url.PathEscape(p.Key))
	at := p.world.Server(server)
	answer, response, err := at.reach(openSession.method, path, nil)
	p.world.must(err)
	session := &Session{Cookies: response.Cookies()}
	p.world.must(decode(answer, openSession.reads, session))
	return session
}

// SignIn signs an HTTP client in at Gosuslugi as this person, without a password. A client without a cookie jar gets one.
func (p *Person) SignIn(client *http.Client) *Session {
	p.world.t.Helper()
	return p.SignInAt(IDP, client)
}

// SignInAt does the same at IDP or Diary.
func (p *Person) SignInAt(server string, client *http.Client) *Session {
	p.world.t.Helper()
	session := p.OpenSessionAt(server)
	at, err := url.Parse(session.Link)
	p.world.must(err)
	if client.Jar == nil {
		client.Jar, err = cookiejar.New(nil)
		p.world.must(err)
	}
	client.Jar.SetCookies(at, session.Cookies)
	return session
}
