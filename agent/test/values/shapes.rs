//! One call of each function, with values that the test knows: how Rust passes what.
use std::hint::black_box;
use std::io::{stdin, stdout, BufRead, Write};

pub struct Pair {
    a: i32,
    b: u16,
}
pub struct Three {
    a: u8,
    b: u16,
    c: u8,
}
pub struct Large {
    a: [u64; 3],
}

#[inline(never)]
fn pairs(p: Pair, t: (u8, u64), after: i32) -> Pair {
    black_box((&p, t, after));
    Pair { a: p.a + 1, b: p.b + 1 }
}
#[inline(never)]
fn three(t: Three, a: [u16; 3], after: i32) -> i32 {
    black_box((&t.a, &t.b, &t.c, a));
    after
}
#[inline(never)]
fn large(l: Large, p: &Pair, after: i32) -> (u8, i64) {
    black_box((&l.a, p));
    (1, after as i64)
}
#[inline(never)]
fn options(o: Option<i32>, s: Option<&str>, r: Result<i32, i64>, after: i32) -> i32 {
    black_box((o, s)).0.unwrap_or(0) + r.is_ok() as i32 + after
}
#[inline(never)]
fn mixed(t: (i32, f64), nothing: (), wide: u128, after: i32) -> u128 {
    black_box((t, nothing, after));
    wide + 1
}
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Told<'a> {
    a: u64,
    b: u64,
    p: &'a [u64; 3],
}
/// Its last word goes through RAX, where C would leave the address of the result.
#[inline(never)]
fn told<'a>(from: &Told<'a>) -> Told<'a> {
    *from
}
pub struct User {
    id: u64,
    name: String,
}
#[inline(never)]
fn texts(s: String, r: &String, u: &User, v: Vec<u16>, bytes: &Vec<u8>, none: String, after: i32) -> String {
    black_box((r, u.id, &u.name, &v, bytes, &none, after));
    format!("{s}!")
}
pub enum Shape {
    Circle(f64),
    Rect { w: u32, h: u32 },
    Named(String),
    Unit,
    Pair(u8, i64),
}
#[inline(never)]
#[rustfmt::skip]
fn enums(s: Option<&str>, r: Result<u32, String>, n: Option<Box<u64>>, c: &Shape, w: &Shape, m: &Shape, u: &Shape, p: Shape) -> Option<String> {
    black_box((&s, &r, &n, c, w, m, u, &p));
    s.map(|text| text.to_string())
}

fn main() {
    println!("{{}}");
    for _ in stdin().lock().lines() {
        black_box(pairs(Pair { a: 1, b: 2 }, (3, 4), 5));
        black_box(three(Three { a: 6, b: 7, c: 8 }, [9, 10, 11], 12));
        black_box(large(Large { a: [13, 14, 15] }, &Pair { a: 16, b: 17 }, 18));
        black_box(options(Some(19), None, Ok(20), 21));
        black_box(mixed((22, 2.5), (), 23, 24));
        black_box(told(&Told { a: 5, b: 22, p: &[666, 667, 668] }));
        let user = User { id: 26, name: "a name".to_string() };
        black_box(texts("short".into(), &"x".repeat(40), &user, vec![27, 28], &vec![1, 255], String::new(), 29));
        let [c, w, m, u] = [Shape::Circle(30.5), Shape::Rect { w: 31, h: 32 }, Shape::Named("named".into()), Shape::Unit];
        black_box(enums(Some("text"), Err("a fault".into()), None, &c, &w, &m, &u, Shape::Pair(33, -34)));
        println!("{{}}");
        stdout().flush().unwrap();
    }
}
