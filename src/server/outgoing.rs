//! The way of messages to the client: written at once where nothing can make that wait, else by a thread of their own.
//!
//! Waking a thread takes longer than most answers do. But whoever writes more than the client has room for waits until
//! the client reads, and a client may be writing to us meanwhile: so only as much is written at once as surely fits.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use serde::Serialize;

use super::frames;

/// A stream that can tell how much it takes without waiting.
pub trait Outlet: Write + Send + 'static {
    /// How many bytes can be written now without waiting for the reader; 0 if nobody can tell.
    fn room(&self) -> usize;
}

#[cfg(unix)]
impl<T: Write + std::os::fd::AsFd + Send + 'static> Outlet for T {
    fn room(&self) -> usize {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        #[cfg(target_os = "linux")]
        if rustix::io::ioctl_fionread(self) == Ok(0)
            && let Ok(size) = rustix::pipe::fcntl_getpipe_size(self)
        {
            return size;
        }
        let mut stream = [PollFd::new(self, PollFlags::OUT)];
        let now = Timespec::default();
        let ready =
            poll(&mut stream, Some(&now)) == Ok(1) && stream[0].revents().contains(PollFlags::OUT);
        // POSIX promises room for that much where there is room at all.
        if ready { rustix::pipe::PIPE_BUF } else { 0 }
    }
}

#[cfg(not(unix))]
impl<T: Write + Send + 'static> Outlet for T {
    fn room(&self) -> usize {
        0
    }
}

/// Sends messages to the client, in order. Cheap to clone.
#[derive(Clone)]
pub struct Outgoing(Arc<Mutex<Line>>);

/// The messages on their way.
struct Line {
    stream: Arc<Mutex<Box<dyn Outlet>>>,
    /// How many pieces wait for the writing thread; while there are any, all others go behind them.
    waiting: usize,
    /// None as soon as nobody can send any more.
    to_write: Option<mpsc::Sender<Vec<u8>>>,
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is written is never half done when something panics.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outgoing {
    /// The way to a stream, and the thread that ends when the way is [closed](Outgoing::close) and all is written.
    pub fn new(stream: Box<dyn Outlet>) -> (Self, JoinHandle<()>) {
        let stream = Arc::new(Mutex::new(stream));
        let (to_write, queue) = mpsc::channel();
        let line = Arc::new(Mutex::new(Line {
            stream: Arc::clone(&stream),
            waiting: 0,
            to_write: Some(to_write),
        }));
        let outgoing = Self(Arc::clone(&line));
        let writer = std::thread::spawn(move || {
            for piece in queue {
                if let Err(error) = write(lock(&stream).as_mut(), &piece) {
                    return tracing::warn!("the client does not read any more: {error}");
                }
                lock(&line).waiting -= 1;
            }
        });
        (outgoing, writer)
    }

    /// Sends a message.
    pub fn send(&self, message: &impl Serialize) {
        match serde_json::to_string(message) {
            Ok(body) => self.send_text(&[&body]),
            Err(error) => tracing::error!("a message cannot be written: {error}"),
        }
    }

    /// Sends a message that is JSON text already: its parts.
    pub fn send_text(&self, body: &[&str]) {
        let mut message = frames::framed(body);
        let mut line = lock(&self.0);
        if line.waiting == 0 {
            let mut stream = lock(&line.stream);
            let now = stream.room().min(message.len());
            if now > 0
                && let Err(error) = write(stream.as_mut(), &message[..now])
            {
                // The reading side ends the session.
                return tracing::warn!("the client does not read any more: {error}");
            }
            message.drain(..now);
        }
        if !message.is_empty() {
            line.waiting += 1;
            // Nobody takes it only when the client reads no more, and then the reading side ends the session.
            let _ = line.to_write.as_ref().map(|queue| queue.send(message));
        }
    }

    /// Nothing is sent from now on.
    pub fn close(&self) {
        lock(&self.0).to_write = None;
    }
}

fn write(stream: &mut dyn Outlet, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn messages_arrive_in_order_whether_they_fit_or_not() {
        let (mut from, to) = io::pipe().unwrap();
        let (outgoing, writer) = Outgoing::new(Box::new(to));
        // More than a pipe holds, before anybody reads.
        let bodies: Vec<String> = (0..200)
            .map(|n: usize| format!("\"{}\"", n.to_string().repeat(1 + n % 7 * 300)))
            .collect();
        for body in &bodies {
            outgoing.send_text(&[body]);
        }
        outgoing.close();
        let mut read = String::new();
        let expected: Vec<u8> = bodies.iter().flat_map(|b| frames::framed(&[b])).collect();
        let mut text = vec![0; expected.len()];
        from.read_exact(&mut text).unwrap();
        assert!(text == expected);
        writer.join().unwrap();
        drop(outgoing);
        from.read_to_string(&mut read).unwrap();
        assert_eq!(read, "");
    }

    #[test]
    fn nobody_waits_for_a_client_that_does_not_read() {
        let (from, to) = io::pipe().unwrap();
        let (outgoing, _writer) = Outgoing::new(Box::new(to));
        for _ in 0..100 {
            outgoing.send_text(&["x".repeat(100_000).as_str(), "y"]);
        }
        drop(from);
    }
}
