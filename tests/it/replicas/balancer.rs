//! `HAProxy` in front of replicas: each request goes to the next one, whoever asks.

use std::{
    fmt::Write as _,
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tests::repository;

/// A load balancer that is running; ends when it is dropped.
pub(super) struct Balancer {
    process: Child,
    _folder: TempDir,
}

/// A port for a load balancer that is still to be started: its address goes into the settings of the replicas.
pub(super) struct Reserved(u16);

impl Balancer {
    pub(super) fn reserved() -> Reserved {
        Reserved(TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port())
    }
}

impl Reserved {
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.0)
    }

    /// Starts it in front of these replicas.
    pub(super) fn start(self, replicas: &[&str]) -> Balancer {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        // What deploy/haproxy.cfg says of all replicas.
        let deployed = fs::read_to_string(repository().join("deploy/haproxy.cfg")).unwrap();
        let (defaults, _) = deployed.split_once("\nlisten ").expect("settings of all, then of each server");
        let mut settings = format!("{defaults}\nlisten esia-stand\n  bind 127.0.0.1:{}\n", self.0);
        for (number, url) in replicas.iter().enumerate() {
            let _ = writeln!(settings, "  server replica-{number} {}", url.trim_start_matches("http://"));
        }
        fs::write(&file, settings).unwrap();
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("haproxy is installed");
        let address = format!("127.0.0.1:{}", self.0).parse().unwrap();
        let is_ready = (0..500).any(|_| {
            let is_ready = TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok();
            if !is_ready {
                pause();
            }
            is_ready
        });
        assert!(is_ready, "haproxy does not start");
        Balancer { process, _folder: folder }
    }
}

#[expect(clippy::disallowed_methods, reason = "a process is given time to start")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
