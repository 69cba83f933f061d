//! Runs collectors side by side and waits for each no longer than it may take.

use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::{Collected, Waiting};
use crate::doctor::facts::{
    Access, Area, Aws, Bedrock, Claude, ClaudeCode, Credentials, Endpoint, Environment, Helpers,
    Home, Inheritance, Lost, Probe, StartUp, Terminal,
};
use crate::system::signals::contain;

/// How often the one who waits is told so.
const TICK: Duration = Duration::from_millis(100);

/// One area's facts.
pub enum Part {
    Environment(Environment),
    Terminal(Terminal),
    StartUp(StartUp),
    Inheritance(Box<Inheritance>),
    Claude(Claude),
    ClaudeCode(Box<ClaudeCode>),
    Home(Box<Home>),
    Access(Box<Access>),
    Helpers(Box<Helpers>),
    Credentials(Credentials),
    Endpoint(Endpoint),
    Probe(Probe),
    Aws(Box<Aws>),
    Bedrock(Bedrock),
}

/// Work for one thread.
pub struct Job {
    areas: Vec<Area>,
    work: Box<dyn FnOnce(&Report) + Send>,
}

/// Takes what a job finds, area by area.
pub struct Report {
    sender: Sender<Message>,
    started: Instant,
}

impl Report {
    /// Hands over an area.
    pub fn found(&self, area: Area, part: Part) {
        // Nobody listens any more after the time limit.
        let _ = self
            .sender
            .send(Message::Found(area, Box::new(part), self.started.elapsed()));
    }
}

impl Job {
    /// A job that finds several areas, one after the other.
    pub fn new(areas: Vec<Area>, work: impl FnOnce(&Report) + Send + 'static) -> Self {
        Self {
            areas,
            work: Box::new(work),
        }
    }

    /// A job that finds one.
    pub fn one(area: Area, work: impl FnOnce() -> Part + Send + 'static) -> Self {
        Self::new(vec![area], move |report| report.found(area, work()))
    }
}

enum Message {
    Found(Area, Box<Part>, Duration),
    /// The thread is at its end; what it owes will not come.
    Ended(Vec<Area>),
}

/// Runs the jobs until all have delivered, or their areas' time limits or `timeout` have passed.
/// What is late is lost as timed out, what did not come is lost as broken.
pub fn gather(jobs: Vec<Job>, timeout: Duration, collected: &mut Collected, waiting: Waiting<'_>) {
    let started = Instant::now();
    let (sender, receiver) = mpsc::channel();
    let mut open: Vec<Area> = Vec::new();
    for job in jobs {
        open.extend(&job.areas);
        start(job, sender.clone(), started);
    }
    drop(sender);
    while !open.is_empty() {
        match receiver.recv_timeout(TICK) {
            Ok(Message::Found(area, part, took)) => {
                open.retain(|other| *other != area);
                store(collected, *part);
                collected.took.insert(area, took);
            }
            Ok(Message::Ended(areas)) => {
                for area in areas {
                    if open.contains(&area) {
                        open.retain(|other| *other != area);
                        lose(collected, area, Lost::Broken(BROKEN.to_owned()), started);
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                waiting(&open, started.elapsed());
            }
            Err(RecvTimeoutError::Disconnected) => {
                for area in open.drain(..) {
                    lose(collected, area, Lost::Broken(BROKEN.to_owned()), started);
                }
            }
        }
        let late = |area: &Area| started.elapsed() >= area.timeout().min(timeout);
        for area in open.extract_if(.., |area| late(area)) {
            lose(collected, area, Lost::TimedOut, started);
        }
    }
}

const BROKEN: &str = "Reading this part of the machine failed; this is a defect of keywright";

fn lose(collected: &mut Collected, area: Area, how: Lost, started: Instant) {
    collected.facts.lost.insert(area, how);
    collected.took.insert(area, started.elapsed());
}

/// Detached on purpose: a thread that hangs in the system must not keep the report from ending.
fn start(job: Job, sender: Sender<Message>, started: Instant) {
    let Job { areas, work } = job;
    std::thread::spawn(move || {
        let report = Report { sender, started };
        let _ = contain(AssertUnwindSafe(|| work(&report)));
        let _ = report.sender.send(Message::Ended(areas));
    });
}

fn store(collected: &mut Collected, part: Part) {
    let facts = &mut collected.facts;
    match part {
        Part::Environment(part) => facts.environment = part,
        Part::Terminal(part) => facts.terminal = part,
        Part::StartUp(part) => facts.start_up = part,
        Part::Inheritance(part) => facts.inheritance = part,
        Part::Claude(part) => facts.claude = part,
        Part::Home(part) => facts.home = part,
        Part::Access(part) => facts.access = part,
        Part::Helpers(part) => facts.helpers = part,
        Part::Credentials(part) => facts.credentials = part,
        Part::Endpoint(part) => facts.endpoint = part,
        Part::Probe(part) => facts.probe = part,
        Part::ClaudeCode(part) => facts.claude_code = part,
        Part::Aws(part) => facts.aws = part,
        Part::Bedrock(part) => facts.bedrock = part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(jobs: Vec<Job>, limit: Duration) -> (Collected, Vec<Area>) {
        let mut collected = Collected::default();
        let mut told = Vec::new();
        gather(jobs, limit, &mut collected, &mut |areas, _| {
            told = areas.to_vec();
        });
        (collected, told)
    }

    #[test]
    fn a_collector_that_fails_loses_only_its_own() {
        let jobs = vec![
            Job::one(Area::Terminal, || {
                Part::Terminal(Terminal {
                    ci: true,
                    ..Terminal::default()
                })
            }),
            Job::one(Area::Home, || panic!("as a defect would")),
            Job::new(vec![Area::Credentials, Area::Endpoint], |report| {
                report.found(Area::Credentials, Part::Credentials(Credentials::default()));
                panic!("half way")
            }),
        ];
        let (collected, _) = gathered(jobs, Duration::from_mins(1));
        assert!(collected.facts.terminal.ci);
        let lost: Vec<Area> = collected.facts.lost.keys().copied().collect();
        assert_eq!(lost, [Area::Home, Area::Endpoint]);
        let broken = |lost: &Lost| matches!(lost, Lost::Broken(_));
        assert!(collected.facts.lost.values().all(broken));
        assert_eq!(collected.took.len(), 4);
    }

    #[test]
    fn a_collector_that_hangs_is_left_behind() {
        let hang = Job::one(Area::Claude, || {
            loop {
                std::thread::park();
            }
        });
        let (collected, told) = gathered(vec![hang], Duration::from_millis(250));
        assert_eq!(collected.facts.lost[&Area::Claude], Lost::TimedOut);
        assert_eq!(told, [Area::Claude]);
    }
}
