//! Notices when the client's process is gone, for clients that die without closing our input.

use std::time::Duration;

/// How often the process is looked for.
#[cfg(unix)]
const INTERVAL: Duration = Duration::from_secs(2);

/// Waits until no process with this id exists.
///
/// A process that cannot be seen to begin with is not waited for, because a client on another machine or outside this
/// container has an id that means nothing here. Where the operating system gives no safe way to look, this waits
/// forever: the end of the input is the sign then.
#[cfg(unix)]
pub async fn gone(id: u32) {
    let process = i32::try_from(id)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    let exists =
        |process| rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH);
    let Some(process) = process.filter(|process| exists(*process)) else {
        return std::future::pending().await;
    };
    while exists(process) {
        tokio::time::sleep(INTERVAL).await;
    }
    tracing::info!("the client's process {id} is gone");
}

/// Waits forever: the end of the input is the sign that the client is gone.
#[cfg(not(unix))]
pub async fn gone(_id: u32) {
    std::future::pending().await
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_process_that_ends_is_noticed_and_others_are_waited_for() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let watch = gone(child.id());
        let mut watch = std::pin::pin!(watch);
        let short = Duration::from_millis(50);
        assert!(tokio::time::timeout(short, &mut watch).await.is_err());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(tokio::time::timeout(INTERVAL * 3, watch).await.is_ok());
    }

    #[tokio::test]
    async fn an_id_that_names_no_process_is_not_watched() {
        for id in [0, u32::MAX, i32::MAX as u32] {
            let short = Duration::from_millis(20);
            assert!(tokio::time::timeout(short, gone(id)).await.is_err());
        }
    }
}
