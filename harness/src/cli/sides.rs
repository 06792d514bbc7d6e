//! Both sides of a run: servers that the command starts, or running ones.

use std::{net::SocketAddr, sync::Arc};

use idp::ClientSpec;
use url::Url;
use web::ControlToken;

use super::Run;
use crate::{
    control::{Control, ControlError, Party},
    exit::CliError,
    language::{pick, tr},
    possible,
    provider::{ForeignProvider, ProviderSide},
    relying_party::{Foreign, RelyingParty},
    servers::{DiaryWanted, OwnDiary, Pair, Provider, TlsChoice, Wanted},
    suite::{self, Suite, Wording},
    wire::{Edge, Wire},
};

/// Servers that the command has started. Dropping this stops them.
#[derive(Debug)]
pub(super) enum Children {
    /// Our provider and our diary.
    Both(Box<Pair>),
    /// Our provider alone.
    Provider(Box<Provider>),
    /// Our diary alone.
    Diary(Box<OwnDiary>),
}

/// Both sides, and the servers among them that the command has started.
#[derive(Debug)]
pub(super) struct Sides {
    pub(super) idp: ProviderSide,
    pub(super) diary: RelyingParty,
    pub(super) children: Option<Children>,
}

/// Origin of the words in a run's scenarios: scenarios of a team are written in the words of its own diary.
fn wording(options: &Run) -> Wording {
    if options.paths.is_empty() { Wording::Documented } else { Wording::TheirOwn }
}

/// Marks the scenarios that the foreign sides of a run cannot play; none if both sides are ours.
///
/// # Errors
/// Returns the mistakes of a description.
pub(super) fn mark(suite: &mut Suite, options: &Run) -> Result<(), CliError> {
    mark_at_diary(suite, options)?;
    let Some(file) = &options.provider else { return Ok(()) };
    let stand = suite::provider::read(file)?;
    possible::mark_at_provider(suite, &stand);
    Ok(())
}

fn mark_at_diary(suite: &mut Suite, options: &Run) -> Result<(), CliError> {
    let Some(file) = &options.relying_party else { return Ok(()) };
    // At a foreign provider the environment names the diary's mnemonic.
    let client = match &options.provider {
        Some(_) => suite::relying_party::played(file)?,
        None => suite::relying_party::registered(file)?.0,
    };
    possible::mark(suite, &client, wording(options));
    Ok(())
}

/// Returns the foreign diary of a run, and the other clients with which the provider is started.
fn foreign(options: &Run, mut clients: Vec<ClientSpec>) -> Result<(Option<Foreign>, Vec<ClientSpec>), CliError> {
    let Some(file) = &options.relying_party else { return Ok((None, clients)) };
    let (client, mnemonic) = suite::relying_party::registered(file)?;
    let Some(index) = clients.iter().position(|spec| spec.mnemonic.to_string() == mnemonic) else {
        return Err(CliError::wrong(tr!(
            "{}: client: системы {mnemonic} нет среди названных: опишите её регистрацию в --client ФАЙЛ",
            "{}: client: {mnemonic} is none of the systems named: describe its registration in --client FILE",
            file.display()
        )));
    };
    // The seed of each world registers this client.
    let registration = clients.remove(index);
    Ok((Some(Foreign::new(client, registration, wording(options))), clients))
}

impl Sides {
    /// Starts the servers that are not named, and connects to both sides.
    ///
    /// # Errors
    /// Fails if a side does not answer, is another server, or refuses the token.
    pub(super) async fn of(options: &Run, clients: Vec<ClientSpec>, stand: Option<Stand>) -> Result<Self, CliError> {
        if let Some(stand) = stand {
            return at_stand(options, stand).await;
        }
        let (foreign, clients) = foreign(options, clients)?;
        let wanted = Wanted { clients, tls: TlsChoice::own_if(options.tls), ..Wanted::default() };
        let children = match (&options.idp, &foreign) {
            (Some(_), _) => None,
            (None, None) => Some(Children::Both(Box::new(Pair::start(&wanted).await?))),
            (None, Some(foreign)) => {
                let idp = foreign.client.provider.as_ref().map(address).transpose()?;
                Some(Children::Provider(Box::new(Provider::start(&Wanted { idp, ..wanted }).await?)))
            }
        };
        let (own_idp, own_diary) = match &children {
            Some(Children::Both(pair)) => (Some(&pair.idp.url), Some(&pair.diary.url)),
            Some(Children::Provider(provider)) => (Some(&provider.idp.url), None),
            Some(Children::Diary(own)) => (None, Some(&own.diary.url)),
            None => (None, None),
        };
        let token = options.control_token.as_ref();
        let idp = reached(Party::Idp, options.idp.as_ref().or(own_idp), token).await?.into();
        let diary = match foreign {
            Some(foreign) => {
                let side = RelyingParty::Foreign(Box::new(foreign));
                side.health().await.map_err(not_asked)?;
                side
            }
            None => reached(Party::Diary, options.diary.as_ref().or(own_diary), token).await?.into(),
        };
        Ok(Self { idp, diary, children })
    }
}

/// Foreign provider, and the wire over which requests are sent to it.
#[derive(Debug)]
pub(super) struct Stand {
    pub(super) provider: ForeignProvider,
    pub(super) wire: Arc<Wire>,
}

/// Returns both sides of a run with a foreign provider: our diary, which is started, or a foreign one that is
/// registered there.
async fn at_stand(options: &Run, stand: Stand) -> Result<Sides, CliError> {
    let Stand { provider, wire } = stand;
    let home = provider.description.home();
    let (diary, children) = if let Some(file) = &options.relying_party {
        let client = suite::relying_party::played(file)?;
        let foreign = Foreign::registered_elsewhere(client, provider.mnemonic.clone(), wording(options));
        (RelyingParty::Foreign(Box::new(foreign)), None)
    } else {
        let secret = format!("{:032x}", rand::random::<u128>());
        let edge = Edge::open(Arc::clone(&wire), &home, &secret).await.map_err(CliError::could_not_run)?;
        let listen = provider.description.diary.as_ref().map(of_diary).transpose()?;
        let (key, profile) = (provider.key.clone(), options.profile.clone());
        let own = OwnDiary::start(DiaryWanted { listen, key, profile }, edge).await?;
        let diary = reached(Party::Diary, Some(&own.diary.url), None).await?;
        (diary.into(), Some(Children::Diary(Box::new(own))))
    };
    let at = diary.world(&provider.description.world).map_err(CliError::could_not_run)?;
    wire.allow(&at);
    let idp = ProviderSide::Foreign(Box::new(provider));
    for well in [diary.health().await, idp.health().await] {
        well.map_err(not_asked)?;
    }
    Ok(Sides { idp, diary, children })
}

/// Address on which the provider expects our diary to listen.
fn of_diary(diary: &Url) -> Result<SocketAddr, CliError> {
    let told = || {
        CliError::wrong(tr!(
            "diary: {diary} не открыть на этой машине: нужен адрес вида http://127.0.0.1:8082",
            "diary: {diary} cannot be opened on this machine: an address like http://127.0.0.1:8082 is needed"
        ))
    };
    on_loopback(diary).ok_or_else(told)
}

fn on_loopback(url: &Url) -> Option<SocketAddr> {
    url.socket_addrs(|| None).ok()?.into_iter().find(|address| address.ip().is_loopback())
}

/// Address on which a diary expects its provider to listen.
fn address(provider: &Url) -> Result<SocketAddr, CliError> {
    let told = || {
        CliError::wrong(tr!(
            "provider: {provider} не открыть на этой машине: нужен адрес вида http://127.0.0.1:8081, или запустите \
             esia-stand idp сами и назовите его в --idp",
            "provider: {provider} cannot be opened on this machine: an address like http://127.0.0.1:8081 is needed, or start \
             esia-stand idp yourself and name it by --idp"
        ))
    };
    on_loopback(provider).ok_or_else(told)
}

/// Connects to a server: checks that it answers, is the right one, and accepts the token.
async fn reached(party: Party, url: Option<&Url>, token: Option<&String>) -> Result<Control, CliError> {
    let url = url.ok_or_else(|| CliError::could_not_run(pick("сервера нет", "there is no server")))?;
    let told = |error: ControlError| match error {
        ControlError::Other { .. } => CliError::wrong(error),
        _ => not_asked(error),
    };
    let token = token.map(String::as_str).and_then(ControlToken::new).map(|token| token.as_str().to_owned());
    let control = Control::new(party, url.clone(), token).map_err(told)?;
    control.health().await.map_err(told)?;
    control.unlocked().await.map_err(told)?;
    Ok(control)
}

/// Error of a run that ends because a server or browser could not be asked.
pub(super) fn not_asked(why: impl std::fmt::Display) -> CliError {
    CliError::CouldNotRun(tr!("не удалось спросить: {why}", "could not ask: {why}"))
}
