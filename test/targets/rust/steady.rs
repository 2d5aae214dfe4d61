//! Steady in Rust: panics caught at a boundary, trait objects, generics, recursion.
//! Commands a line on standard input (`run WORK COUNT THREADS`, `truth`, `reset`), an answer of JSON a line.
use std::io::{self, BufRead, Write};
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

struct Tally {
    name: &'static str,
    calls: AtomicUsize,
    returns: AtomicUsize,
    unwound: AtomicUsize,
}

impl Tally {
    const fn new(name: &'static str) -> Tally {
        Tally { name, calls: AtomicUsize::new(0), returns: AtomicUsize::new(0), unwound: AtomicUsize::new(0) }
    }
}

/// Ends the call it was made in: as a return, or as unwound when a panic is on its way through.
struct Count(&'static Tally);

impl Count {
    fn of(tally: &'static Tally) -> Count {
        tally.calls.fetch_add(1, SeqCst);
        Count(tally)
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        let ended = if thread::panicking() { &self.0.unwound } else { &self.0.returns };
        ended.fetch_add(1, SeqCst);
    }
}

static PLAIN: Tally = Tally::new("steady::plain");
static RECURSE: Tally = Tally::new("steady::recurse");
static ATTEMPT: Tally = Tally::new("steady::attempt");
static PANICKER: Tally = Tally::new("steady::panicker");
static CIRCLE: Tally = Tally::new("<steady::Circle as steady::Shape>::area");
static SQUARE: Tally = Tally::new("<steady::Square as steady::Shape>::area");
static RESCUE: Tally = Tally::new("steady::rescue");
static FRAGILE: Tally = Tally::new("steady::fragile");
static BELOW: Tally = Tally::new("steady::below");
static TALLIES: [&Tally; 9] = [&PLAIN, &RECURSE, &ATTEMPT, &PANICKER, &CIRCLE, &SQUARE, &RESCUE, &FRAGILE, &BELOW];

#[inline(never)]
fn plain(n: usize) -> usize {
    let _count = Count::of(&PLAIN);
    n.wrapping_mul(31).wrapping_add(7)
}

#[inline(never)]
fn recurse(n: usize) -> usize {
    let _count = Count::of(&RECURSE);
    if n > 0 { recurse(n - 1) + 1 } else { 0 }
}

#[inline(never)]
fn panicker(n: usize, depth: usize) -> usize {
    let _count = Count::of(&PANICKER);
    if depth > 1 {
        return panicker(n, depth - 1) + 1;
    }
    if n % 4 == 0 {
        panic!("every fourth");
    }
    n
}

#[inline(never)]
fn attempt(n: usize) -> usize {
    let _count = Count::of(&ATTEMPT);
    panic::catch_unwind(|| panicker(n, 3)).unwrap_or(0)
}

#[inline(never)]
fn fragile(n: usize) -> usize {
    let _count = Count::of(&FRAGILE);
    if n % 2 == 0 {
        panic!("every second");
    }
    n
}

#[inline(never)]
fn catching(n: usize) -> usize {
    panic::catch_unwind(|| fragile(n)).unwrap_or(0)
}

#[inline(never)]
fn below(n: usize) -> usize {
    let _count = Count::of(&BELOW);
    n + 1
}

#[inline(never)]
fn descend(n: usize) -> usize {
    let mut room = [0u8; 4096];
    room[n % 4096] = 1;
    below(n) + usize::from(std::hint::black_box(&room)[0])
}

/// Calls on after a panic, deeper in its stack than the call that the panic left.
#[inline(never)]
fn rescue(n: usize) -> usize {
    let _count = Count::of(&RESCUE);
    catching(n) + descend(n)
}

trait Shape: Sync {
    fn area(&self, n: usize) -> usize;
}
struct Circle;
struct Square;
impl Shape for Circle {
    #[inline(never)]
    fn area(&self, n: usize) -> usize {
        let _count = Count::of(&CIRCLE);
        3 * n * n
    }
}
impl Shape for Square {
    #[inline(never)]
    fn area(&self, n: usize) -> usize {
        let _count = Count::of(&SQUARE);
        n * n
    }
}
static SHAPES: [&dyn Shape; 2] = [&Circle, &Square];

fn work(name: &str) -> Option<fn(usize) -> usize> {
    match name {
        "plain" => Some(plain),
        "recurse" => Some(|turn| recurse(turn % 50)),
        "panic" => Some(attempt),
        "rescue" => Some(rescue),
        "virtual" => Some(|turn| SHAPES[turn % 2].area(turn & 0xff)),
        _ => None,
    }
}

fn deal(turn: fn(usize) -> usize, count: usize, threads: usize) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| loop {
                let n = next.fetch_add(1, SeqCst);
                if n >= count {
                    break;
                }
                std::hint::black_box(turn(n));
            });
        }
    });
}

fn truth() -> String {
    let rows: Vec<String> = TALLIES
        .iter()
        .map(|t| {
            let (calls, returns, unwound) = (t.calls.load(SeqCst), t.returns.load(SeqCst), t.unwound.load(SeqCst));
            format!("\"{}\":{{\"calls\":{calls},\"returns\":{returns},\"unwound\":{unwound}}}", t.name)
        })
        .collect();
    format!("{{\"functions\":{{{}}}}}", rows.join(","))
}

fn reset() -> String {
    for tally in TALLIES {
        tally.calls.store(0, SeqCst);
        tally.returns.store(0, SeqCst);
        tally.unwound.store(0, SeqCst);
    }
    "{\"reset\":true}".to_string()
}

fn obey(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["truth"] => truth(),
        ["reset"] => reset(),
        ["run", name, count, threads] => match (work(name), count.parse(), threads.parse()) {
            (Some(turn), Ok(count), Ok(threads)) => {
                deal(turn, count, threads);
                truth()
            }
            _ => "{\"error\":\"unknown work\"}".to_string(),
        },
        _ => "{\"error\":\"unknown command\"}".to_string(),
    }
}

fn main() {
    panic::set_hook(Box::new(|_| {}));
    println!("{{\"ready\":true,\"pid\":{}}}", std::process::id());
    for line in io::stdin().lock().lines() {
        println!("{}", obey(&line.expect("a line of UTF-8")));
        io::stdout().flush().expect("standard output");
    }
}
