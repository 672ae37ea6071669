//! A workload on rust-spiffe, as a stranger would write it. It reads commands from its input: ../../README.md.

use std::error::Error;

use serde_json::{json, Value};
use spiffe::transport::TransportError;
use spiffe::{BundleSource, JwtBundle, JwtSource, JwtSourceError, JwtSvid, SpiffeId, TrustDomain};
use spiffe::{WorkloadApiClient, WorkloadApiError};
use tokio::io::{stdin, AsyncBufReadExt, BufReader};

type Answer = Result<Value, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = WorkloadApiClient::connect_env().await?;
    let source = JwtSource::new().await?;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let words: Vec<&str> = line.split_whitespace().collect();
        println!("{}", reply(act(&client, &source, &words).await));
    }
    source.shutdown().await;
    Ok(())
}

async fn act(client: &WorkloadApiClient, source: &JwtSource, words: &[&str]) -> Answer {
    match words {
        ["fetch", audiences] => {
            let audiences: Vec<&str> = audiences.split(',').collect();
            Ok(told(&source.fetch_jwt_svid(audiences).await?))
        }
        ["fetch", audience, id] => {
            let id: SpiffeId = id.parse()?;
            Ok(told(&source.fetch_jwt_svid_with_id([audience], Some(&id)).await?))
        }
        ["judge", audience, token] => Ok(told(&JwtSvid::parse_and_validate(token, source, &[audience])?)),
        ["validate", audience, token] => Ok(told(&client.validate_jwt_token(audience, token).await?)),
        ["bundles"] => {
            let set = client.fetch_jwt_bundles().await?;
            let domains = set.iter().map(|(domain, bundle)| (format!("spiffe://{domain}"), keys(bundle)));
            Ok(Value::Object(domains.collect()))
        }
        ["source", domain] => {
            let bundle = source.bundle_for_trust_domain(&TrustDomain::new(domain)?)?;
            Ok(json!({ "keys": bundle.map_or(json!([]), |bundle| keys(&bundle)) }))
        }
        ["x509"] => client.fetch_x509_svid().await.map(|_| json!({})).map_err(Into::into),
        ["x509-bundles"] => client.fetch_x509_bundles().await.map(|_| json!({})).map_err(Into::into),
        _ => Err("no such command".into()),
    }
}

fn told(svid: &JwtSvid) -> Value {
    json!({ "id": svid.spiffe_id().to_string(), "audience": svid.audience(), "token": svid.token() })
}

fn keys(bundle: &JwtBundle) -> Value {
    let mut ids: Vec<&str> = bundle.jwt_authorities().map(|authority| authority.key_id()).collect();
    ids.sort_unstable();
    json!(ids)
}

fn reply(answer: Answer) -> Value {
    match answer {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "code": code(error.as_ref()), "message": error.to_string() }),
    }
}

fn code(error: &(dyn Error + 'static)) -> String {
    let cause = match error.downcast_ref::<JwtSourceError>() {
        Some(JwtSourceError::FetchJwtSvid(cause) | JwtSourceError::Source(cause)) => Some(cause),
        _ => error.downcast_ref::<WorkloadApiError>(),
    };
    match cause {
        Some(WorkloadApiError::PermissionDenied(_) | WorkloadApiError::NoIdentityIssued) => {
            "permission_denied".into()
        }
        Some(WorkloadApiError::Transport(TransportError::Status(status))) => status.code().as_str().into(),
        _ => "unknown".into(),
    }
}
