package esiastand

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// patience is how long an answer may take.
const patience = 15 * time.Second

// ControlError says that the control API refuses or does not answer: who, what and, where known, the way out.
type ControlError struct {
	// Status is the HTTP status of a refusal, 0 where there was no answer.
	Status int
	// Code is the stable name of a refusal.
	Code string
	told string
}

func (e *ControlError) Error() string { return e.told }

// Control is the control API at one address: of a server, or of one world at it.
type Control struct {
	// Server is IDP or Diary.
	Server string
	// URL is the base address, without a slash at the end.
	URL   string
	token string
	http  *http.Client
}

func newControl(server, address, token, ca string) (*Control, error) {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if at, err := url.Parse(address); err == nil && isLoopback(at.Hostname()) {
		transport.Proxy = nil
	}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool()
		}
		roots.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := &http.Client{Transport: transport, Timeout: patience, CheckRedirect: stay}
	return &Control{Server: server, URL: strings.TrimRight(address, "/"), token: token, http: client}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// within is the same server at another base address: one of its worlds.
func (c *Control) within(address string) *Control {
	other := *c
	other.URL = strings.TrimRight(address, "/")
	return &other
}

func (c *Control) title() string {
	if c.Server == Diary {
		return "the diary"
	}
	return "Gosuslugi"
}

// parts are the parameters of a path, body and query what is sent.
type sent struct {
	parts map[string]string
	body  map[string]any
	query map[string]string
}

// call does one operation of the contract, and reads those fields of its answer that the contract names into a value.
func (c *Control) call(operation call, what sent, into any) error {
	for field := range what.body {
		if !contains(operation.sends, field) {
			return fmt.Errorf("%s %s takes no %s", operation.method, operation.path, field)
		}
	}
	query := url.Values{}
	for name, value := range what.query {
		if !contains(operation.asks, name) {
			return fmt.Errorf("%s %s takes no %s", operation.method, operation.path, name)
		}
		if value != "" {
			query.Set(name, value)
		}
	}
	path := operation.path
	for name, value := range what.parts {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	var body any
	if what.body != nil {
		body = what.body
	}
	answer, _, err := c.reach(operation.method, path, body)
	if err != nil || into == nil {
		return err
	}
	if err := decode(answer, operation.reads, into); err != nil {
		return fmt.Errorf("%s answers %s %s with what cannot be read: %w", c.title(), operation.method, path, err)
	}
	return nil
}

// decode reads what the contract names of an answer into a value.
func decode(answer []byte, reads []string, into any) error {
	kept, err := pick(answer, reads)
	if err != nil {
		return err
	}
	return json.Unmarshal(kept, into)
}

// Do sends one request to an address below this one, as GET /control/keys, and reads the JSON of its answer into a value.
func (c *Control) Do(method, path string, body, into any) error {
	answer, _, err := c.reach(method, path, body)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

func (c *Control) reach(method, path string, body any) ([]byte, *http.Response, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, nil, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, c.URL+path, content)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, nil, &ControlError{told: fmt.Sprintf("%s at %s does not answer %s %s: %v", c.title(), c.URL, method, path, err)}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, &ControlError{told: fmt.Sprintf("%s at %s breaks off %s %s: %v", c.title(), c.URL, method, path, err)}
	}
	if response.StatusCode >= 300 {
		return nil, nil, c.refused(method, path, response.StatusCode, answer)
	}
	return answer, response, nil
}

func (c *Control) refused(method, path string, status int, answer []byte) error {
	var problem struct {
		Title  string `json:"title"`
		Code   string `json:"code"`
		WayOut string `json:"way_out"`
	}
	// Where it is not of the control API, the status says all there is.
	_ = json.Unmarshal(answer, &problem)
	told := fmt.Sprintf("%s at %s refuses %s %s with %d", c.title(), c.URL, method, path, status)
	if problem.Title != "" {
		told += ": " + problem.Title
	}
	if problem.WayOut != "" {
		told += ". " + problem.WayOut
	}
	if (status == http.StatusUnauthorized || status == http.StatusForbidden) && c.token == "" {
		told += ". Set ESIA_STAND_CONTROL_TOKEN to the token that the stand was started with"
	}
	return &ControlError{Status: status, Code: problem.Code, told: told}
}

// pick keeps what the contract names of an answer.
func pick(answer []byte, reads []string) ([]byte, error) {
	var whole any
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil {
		return nil, err
	}
	return json.Marshal(picked(whole, reads))
}

func picked(value any, reads []string) any {
	switch told := value.(type) {
	case []any:
		for index, item := range told {
			told[index] = picked(item, reads)
		}
	case map[string]any:
		for name := range told {
			if !contains(reads, name) {
				delete(told, name)
			}
		}
	}
	return value
}

func contains(names []string, name string) bool {
	for _, known := range names {
		if known == name {
			return true
		}
	}
	return false
}
