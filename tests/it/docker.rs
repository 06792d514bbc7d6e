//! Dockerfile and docker-compose.yml say only what the program knows. This runs where no container does: what they would
//! start is started here, the same commands, variables and health checks, on other ports and folders. `scripts/containers`
//! builds and starts the real ones.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde::Deserialize;
use serde_json::Value;
use tests::{Program, Server, esia_stand, repository};

#[derive(Debug, Deserialize)]
struct Compose {
    services: BTreeMap<String, Service>,
    volumes: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Clone, Deserialize)]
struct Service {
    build: String,
    command: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    #[serde(default)]
    ports: Vec<String>,
    #[serde(default)]
    volumes: Vec<String>,
    #[serde(default)]
    profiles: Vec<String>,
    network_mode: Option<String>,
    pids_limit: Option<u32>,
    mem_limit: Option<String>,
    healthcheck: Option<Health>,
    #[serde(default)]
    depends_on: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
struct Health {
    test: Vec<String>,
}

fn text(file: &str) -> String {
    fs::read_to_string(repository().join(file)).expect(file)
}

fn compose() -> Compose {
    serde_saphyr::from_str(&text("docker-compose.yml")).expect("docker-compose.yml")
}

/// The instructions of the Dockerfile, each on one line, without comments.
fn dockerfile() -> Vec<(String, String)> {
    let text = text("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("an instruction")).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

fn said<'d>(dockerfile: &'d [(String, String)], instruction: &str) -> Vec<&'d str> {
    let wanted = dockerfile.iter().filter(|(name, _)| name == instruction);
    wanted.map(|(_, rest)| rest.as_str()).collect()
}

async fn help(command: &str) -> String {
    let ended = Program::run(&[command, "--help", "--lang", "en"]).await;
    assert_eq!(ended.code, Some(0), "esia-stand has no command {command}");
    ended.out
}

/// The first word is a command that knows all flags among the others, and reads the variables.
async fn must_know<'w>(
    whose: &str,
    mut words: impl Iterator<Item = &'w str>,
    variables: impl Iterator<Item = &'w str>,
) {
    let command = words.next().expect("a command");
    let help = help(command).await;
    for flag in words.filter(|word| word.starts_with("--")) {
        let is_known = help.split([' ', '\n', ',']).any(|known| known == flag);
        assert!(is_known, "{whose}: esia-stand {command} has no {flag}");
    }
    for variable in variables {
        assert!(help.contains(&format!("[env: {variable}")), "{whose}: esia-stand {command} reads no {variable}");
    }
}

/// Texts between two marks.
fn between<'t>(text: &'t str, open: &'t str, close: &'t [char]) -> impl Iterator<Item = &'t str> {
    text.split(open).skip(1).map(move |rest| rest.split(close).next().unwrap_or_default())
}

/// The value after a flag.
fn value<'s>(service: &'s Service, flag: &str) -> Option<&'s str> {
    let place = service.command.iter().position(|word| word == flag)?;
    service.command.get(place + 1).map(String::as_str)
}

/// The port that a service listens on.
fn port(service: &Service) -> Option<u16> {
    value(service, "--listen").map(|listen| listen.rsplit(':').next().expect("a port").parse().expect("a port"))
}

#[tokio::test]
async fn every_flag_and_variable_is_the_programs_own() {
    let compose = compose();
    assert_eq!(compose.services.keys().collect::<Vec<_>>(), ["diary", "idp", "scenarios"]);
    for (name, service) in &compose.services {
        assert!(!service.command.is_empty(), "{name} has no command");
        must_know(name, service.command.iter().map(String::as_str), service.environment.keys().map(String::as_str))
            .await;
    }
    let everything = format!("{}{}", text("docker-compose.yml"), text("Dockerfile"));
    for variable in between(&everything, "${", &[':', '}', '?', '-']) {
        assert!(help("idp").await.contains(&format!("[env: {variable}")), "nobody reads {variable}");
    }
}

#[test]
fn ports_are_published_on_loopback_and_reach_who_listens_there() {
    let compose = compose();
    let listening: Vec<_> = compose.services.values().filter_map(port).collect();
    let mut published = Vec::new();
    for port in compose.services.values().flat_map(|service| &service.ports) {
        let parts: Vec<_> = port.split(':').collect();
        let [address, outside, inside] = parts[..] else { panic!("{port}: address, port, port") };
        assert_eq!(address, "127.0.0.1", "{port} is open to the network");
        assert_eq!(outside, inside, "{port}: the servers' own links would not work outside");
        published.push(inside.parse::<u16>().expect("a port"));
    }
    published.sort_unstable();
    let mut listening_sorted = listening;
    listening_sorted.sort_unstable();
    assert_eq!(published, listening_sorted);
    let exposed = said(&dockerfile(), "EXPOSE").join(" ");
    assert_eq!(exposed, published.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));

    for (name, service) in &compose.services {
        for url in service.command.iter().filter_map(|word| word.strip_prefix("http://")) {
            let (host, port) = url.split_once(':').expect("a port");
            assert_eq!(host, "127.0.0.1");
            assert!(published.contains(&port.parse().expect("a port")), "{name}: nobody listens on {url}");
        }
        // One network for all three, or 127.0.0.1 would be somebody else in each.
        assert_eq!(service.network_mode.as_deref(), (name != "idp").then_some("service:idp"), "{name}");
        assert!(service.depends_on.keys().all(|on| compose.services.contains_key(on)), "{name}");
        assert_eq!(service.build, ".");
    }
    assert_eq!(compose.services["scenarios"].profiles, ["run"]);
}

#[test]
fn every_container_has_a_bound_for_processes_and_memory() {
    for (name, service) in &compose().services {
        assert!(service.pids_limit.is_some_and(|most| (32..=1024).contains(&most)), "{name}");
        assert!(service.mem_limit.as_deref().is_some_and(|most| most.ends_with('g')), "{name}");
    }
}

#[test]
fn base_images_are_named_by_digest() {
    for from in said(&dockerfile(), "FROM") {
        let digest = from.split_whitespace().next().and_then(|image| image.split_once("@sha256:"));
        let (tag, digest) = digest.unwrap_or_else(|| panic!("{from}: no digest"));
        assert!(
            tag.contains(':') && digest.len() == 64 && digest.bytes().all(|sign| sign.is_ascii_hexdigit()),
            "{from}"
        );
    }
}

#[test]
fn what_is_not_copied_stays_out_of_the_build() {
    let ignored = text(".dockerignore");
    let lines: Vec<_> = ignored.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines[0], "*", "everything is left out but what is named");
    let let_in: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix('!')).collect();
    let dockerfile = dockerfile();
    let copied = said(&dockerfile, "COPY").into_iter().filter(|copy| !copy.starts_with("--from"));
    let mut copied: Vec<_> = copied.flat_map(|copy| copy.split_whitespace().rev().skip(1)).collect();
    let mut sorted = let_in.clone();
    sorted.sort_unstable();
    copied.sort_unstable();
    assert_eq!(sorted, copied);
    for secret in ["**/target", "**/.env*", "**/*.db"] {
        assert!(lines.contains(&secret), "{secret}");
    }
}

#[test]
fn worlds_are_kept_on_volumes() {
    let compose = compose();
    let volume = said(&dockerfile(), "VOLUME").join(" ");
    for (name, service) in compose.services.iter().filter(|(_, service)| port(service).is_some()) {
        let file = value(service, "--data").and_then(|data| data.strip_prefix("sqlite:")).expect("a file");
        let mounts = service.volumes.iter().map(|mount| mount.split_once(':').expect("a mount"));
        let (source, folder) =
            mounts.into_iter().find(|(_, folder)| Path::new(file).starts_with(folder)).expect("a volume");
        assert!(compose.volumes.contains_key(source), "{name}: {source} is not declared");
        assert_eq!(folder, volume);
    }
}

#[test]
fn the_image_is_built_from_what_is_here_and_holds_the_program() {
    let dockerfile = dockerfile();
    let manifest = text("Cargo.toml");
    let rust = between(&manifest, "rust-version = \"", &['"']).next().expect("a version");
    assert!(said(&dockerfile, "FROM")[0].starts_with(&format!("rust:{rust}-")), "the image builds with Rust {rust}");

    let copied: Vec<_> = said(&dockerfile, "COPY").into_iter().flat_map(str::split_whitespace).collect();
    for member in between(&manifest, "members = [", &[']']).next().expect("members").split(", ") {
        let member = member.trim_matches('"');
        let is_copied = |folder: &Path| copied.iter().any(|copied| Path::new(copied) == folder);
        assert!(Path::new(member).ancestors().any(is_copied), "{member} is not copied");
    }
    for copy in said(&dockerfile, "COPY").into_iter().filter(|copy| !copy.starts_with("--from")) {
        let words: Vec<_> = copy.split_whitespace().collect();
        for source in &words[..words.len() - 1] {
            assert!(repository().join(source).exists(), "COPY {source}: not here");
        }
    }

    let program = esia_stand();
    let name = program.file_name().expect("a name").to_str().expect("a name");
    let taken = said(&dockerfile, "COPY").into_iter().find_map(|copy| copy.strip_prefix("--from=build "));
    assert_eq!(taken, Some(format!("/src/target/dist/{name} /usr/local/bin/{name}").as_str()));
    assert_eq!(said(&dockerfile, "ENTRYPOINT"), [format!("[\"{name}\"]")]);
    let build = said(&dockerfile, "RUN").into_iter().find(|run| run.starts_with("cargo")).expect("a build");
    assert_eq!(build, "cargo build --profile dist --locked -p harness");
    let health = said(&dockerfile, "HEALTHCHECK");
    assert!(health.len() == 1 && health[0].ends_with(r#"CMD ["esia-stand", "health"]"#), "{health:?}");
}

/// Kubernetes is given the numbers, and refuses an image that names its user where it is not.
#[test]
fn the_user_of_the_image_is_nobody_else_and_the_one_of_the_manifests() {
    let dockerfile = dockerfile();
    let user = said(&dockerfile, "USER");
    assert_eq!(user, ["10001:10001"]);
    let made = said(&dockerfile, "RUN").into_iter().find(|run| run.contains("useradd")).expect("a user");
    assert!(made.contains("groupadd --gid 10001 stand") && made.contains("useradd --uid 10001 --gid stand"), "{made}");
    let manifests: Vec<Value> =
        serde_saphyr::from_multiple(&text("deploy/kubernetes.yaml")).expect("deploy/kubernetes.yaml");
    let pods = manifests.iter().filter_map(|manifest| manifest.pointer("/spec/template/spec/securityContext"));
    let pods: Vec<_> = pods.map(|pod| format!("{}:{}", pod["runAsUser"], pod["runAsGroup"])).collect();
    assert_eq!(pods, ["10001:10001"; 2]);
}

/// A service as it would be started, on a free port and with its data elsewhere.
async fn start(service: &Service, provider: &str, data: &Path) -> Server {
    let listen = value(service, "--listen").expect("an address").to_owned();
    let words = service.command.iter().map(|word| match word.strip_prefix("sqlite:") {
        Some(file) => format!("sqlite:{}", data.join(Path::new(file).file_name().expect("a file")).display()),
        None if *word == listen => "0.0.0.0:0".to_owned(),
        None if word == "http://127.0.0.1:8081" => provider.to_owned(),
        None => word.clone(),
    });
    let words: Vec<_> = words.chain(["--log".to_owned(), "error".to_owned()]).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    Server::ready(Program::start_as(&esia_stand(), &words, &variables(service))).await
}

fn variables(service: &Service) -> Vec<(&str, &str)> {
    service.environment.keys().map(|name| (name.as_str(), "a-token")).collect()
}

/// Whether the health check of a service finds a server on this port.
fn healthy(service: &Service, port: u16) -> bool {
    let own = self::port(service).expect("a port").to_string();
    let test = &service.healthcheck.as_ref().expect("a health check").test;
    assert_eq!(test[..3], ["CMD", "esia-stand", "health"]);
    assert!(test.iter().any(|word| word.contains(&own)), "the health check asks another port than {own}");
    let words: Vec<_> = test[2..].iter().map(|word| word.replace(&own, &port.to_string())).collect();
    Command::new(esia_stand()).args(words).output().expect("the health check").status.success()
}

#[tokio::test]
async fn what_compose_starts_starts_is_healthy_and_plays_the_suite() {
    let (compose, folder) = (compose(), tempfile::tempdir().expect("folder"));
    let (idp, diary) = (&compose.services["idp"], &compose.services["diary"]);
    let provider = start(idp, "", folder.path()).await;
    let other = start(diary, &provider.url, folder.path()).await;
    for (service, server) in [(idp, &provider), (diary, &other)] {
        let port = server.url.rsplit(':').next().expect("a port").parse().expect("a port");
        assert!(healthy(service, port));
        assert!(!healthy(service, 1), "a health check that cannot fail");
        assert_eq!(server.get("/health").await.status, 200);
        assert_eq!(server.get("/control/worlds").await.status, 401, "the control API is open");
    }
    for kept in ["idp.db", "diary.db"] {
        assert!(folder.path().join(kept).is_file(), "{kept} is not kept");
    }

    let scenarios = &compose.services["scenarios"];
    let words = scenarios.command.iter().map(|word| match word.as_str() {
        "http://127.0.0.1:8081" => provider.url.as_str(),
        "http://127.0.0.1:8082" => other.url.as_str(),
        word => word,
    });
    // A story of families, and two that open the tester's pages, which ask for the token here.
    let words: Vec<_> = words.chain(["--tags", "@R000.13 or @R003.6 or @R004.2"]).collect();
    let run = Program::start_as(&esia_stand(), &words, &variables(scenarios)).ended().await;
    assert_eq!(run.code, Some(0), "{}\n{}", run.out, run.err);
}

#[tokio::test]
async fn the_shared_stand_has_flags_that_are_known_and_a_balancer_that_finds_each_replica() {
    let deployed: SharedStand = serde_saphyr::from_str(&text("deploy/compose.yml")).expect("deploy/compose.yml");
    let balancer = text("deploy/haproxy.cfg");
    let mut replicas = Vec::new();
    for (name, service) in &deployed.services {
        assert!(service.pids_limit.is_some() && service.mem_limit.is_some(), "{name} has no bounds");
        if service.command.is_empty() {
            continue;
        }
        must_know(name, service.command.iter().map(String::as_str), service.environment.keys().map(String::as_str))
            .await;
        let listen = service.command.iter().skip_while(|word| *word != "--listen").nth(1).expect("an address");
        assert!(balancer.contains(&format!("server {name} {listen}\n")), "{name} is not in haproxy.cfg");
        assert_eq!(service.network_mode.as_deref(), Some("service:balancer"), "{name}");
        replicas.push(name.as_str());
    }
    assert_eq!(replicas, ["diary-1", "diary-2", "idp-1", "idp-2"]);
    assert_eq!(balancer.matches("\n  server ").count(), replicas.len());
    let checked = Command::new("haproxy").args(["-c", "-f"]).arg(repository().join("deploy/haproxy.cfg")).output();
    assert!(checked.expect("haproxy is installed").status.success());
}

#[tokio::test]
async fn manifests_for_kubernetes_have_flags_that_are_known_probes_and_bounds() {
    let manifests: Vec<Value> =
        serde_saphyr::from_multiple(&text("deploy/kubernetes.yaml")).expect("deploy/kubernetes.yaml");
    let health = Server::idp().await;
    let mut started = Vec::new();
    for deployment in manifests.iter().filter(|manifest| manifest["kind"] == "Deployment") {
        let container = &deployment["spec"]["template"]["spec"]["containers"][0];
        let args: Vec<&str> = container["args"].as_array().expect("args").iter().filter_map(Value::as_str).collect();
        let variables = container["env"].as_array().expect("variables").iter();
        let variables: Vec<_> =
            variables.map(|variable| (variable["name"].as_str().expect("a name"), variable)).collect();
        must_know(args[0], args.iter().copied(), variables.iter().map(|(name, _)| *name)).await;
        for (name, variable) in variables {
            assert!(variable["valueFrom"]["secretKeyRef"]["name"].is_string(), "{name} stands in the open");
        }
        let port = container["ports"][0]["containerPort"].as_u64().expect("a port");
        assert!(args.contains(&format!("0.0.0.0:{port}").as_str()), "{args:?}");
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
            let path = container[probe]["httpGet"]["path"].as_str().expect("a path");
            assert_eq!(health.get(path).await.status, 200, "{path}");
        }
        assert!(container["resources"]["limits"]["memory"].is_string(), "no bounds");
        started.push(args[0].to_owned());
    }
    assert_eq!(started, ["idp", "diary"]);
}

/// deploy/compose.yml: only what is looked at.
#[derive(Debug, Deserialize)]
struct SharedStand {
    services: BTreeMap<String, SharedService>,
}

#[derive(Debug, Deserialize)]
struct SharedService {
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    network_mode: Option<String>,
    pids_limit: Option<u32>,
    mem_limit: Option<String>,
}
