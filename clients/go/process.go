package esiastand

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// readyWithin is how long the servers may take until they are ready.
const readyWithin = 30 * time.Second

// guard runs the program until the standard input of this shell closes: that of a test run which is gone, in whatever way, too.
const guard = `"$@" </dev/null & program=$!; exec >/dev/null 2>&1; cat; kill -TERM "$program"; wait "$program"`

// find is the program: ESIA_STAND_BIN, else the one on PATH.
func find() (string, error) {
	if named := os.Getenv("ESIA_STAND_BIN"); named != "" {
		info, err := os.Stat(named)
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return "", fmt.Errorf("ESIA_STAND_BIN=%s is no program: name the file esia-stand itself, or unset the variable", named)
		}
		return named, nil
	}
	if found, err := exec.LookPath("esia-stand"); err == nil {
		return found, nil
	}
	return "", errors.New(`the program esia-stand is not found: ESIA_STAND_BIN is not set, and PATH has none.
One of these helps:
  pip install esia-stand, npx esia-stand, or the archive or the Debian package of a release
  export ESIA_STAND_BIN=…/esia-stand           a program that was built or unpacked elsewhere
  export ESIA_STAND_URL=http://127.0.0.1:8081  a stand that runs already (ESIA_STAND_DIARY: its diary)`)
}

// ready is the first line of the program.
type ready struct {
	IDP    string `json:"idp"`
	Diary  string `json:"diary"`
	CAFile string `json:"ca_file"`
}

// program is a stand that this process has started. It ends with the process at the latest.
type program struct {
	ready   ready
	command *exec.Cmd
	input   io.WriteCloser
}

func start(arguments ...string) (*program, error) {
	file, err := find()
	if err != nil {
		return nil, err
	}
	serve := []string{"-c", guard, "sh", file, "serve", "--idp-listen", "127.0.0.1:0", "--diary-listen", "127.0.0.1:0"}
	command := exec.Command("/bin/sh", append(serve, arguments...)...)
	// In a session of its own: Ctrl+C is for the tests.
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if name != "ESIA_STAND_BIN" && name != "ESIA_STAND_URL" && name != "ESIA_STAND_DIARY" {
			command.Env = append(command.Env, variable)
		}
	}
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var complaints bytes.Buffer
	command.Stderr = &complaints
	if err := command.Start(); err != nil {
		return nil, err
	}
	started := &program{command: command, input: input}
	if err := started.waitReady(out); err != nil {
		// It has ended before anything of it is read.
		started.stop()
		return nil, fmt.Errorf("%w%s", err, told(complaints.String()))
	}
	return started, nil
}

func told(complaints string) string {
	if complaints = strings.TrimSpace(complaints); complaints == "" {
		return ""
	}
	return ":\n" + complaints
}

func (p *program) waitReady(out io.Reader) error {
	first := make(chan string, 1)
	go func() {
		reader := bufio.NewReader(out)
		line, _ := reader.ReadString('\n')
		first <- line
		// What else it says is read so that it is not held up.
		_, _ = io.Copy(io.Discard, reader)
	}()
	select {
	case line := <-first:
		if err := json.Unmarshal([]byte(line), &p.ready); err != nil {
			return errors.New("esia-stand serve does not start")
		}
		return nil
	case <-time.After(readyWithin):
		return fmt.Errorf("esia-stand serve says nothing for %s", readyWithin)
	}
}

func (p *program) stop() {
	_ = p.input.Close()
	_ = p.command.Wait()
}
