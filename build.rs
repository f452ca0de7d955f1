//! Compiles `data/` into the tables of `src/rules`.

fn main() {
    println!("cargo:rerun-if-changed=data");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    if let Err(error) = rulec::build(std::path::Path::new("data"), std::path::Path::new(&out)) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
