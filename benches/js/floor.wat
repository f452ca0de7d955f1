;; The physical floors: what a call into wasm costs, and what one look at each byte of a text costs.
(module
  (memory (export "memory") 256)

  (func (export "nothing"))

  ;; One look-up a byte, each waiting for the one before, as in an automaton. The table is the first 256 bytes.
  (func (export "look") (param $at i32) (param $end i32) (result i32)
    (local $state i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $state (i32.load8_u (i32.xor (local.get $state) (i32.load8_u (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $state))

  ;; Counts one byte, sixteen at a time; what is left at the end does not matter here.
  (func (export "scan") (param $at i32) (param $end i32) (result i32)
    (local $count i32)
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
        (local.set $count (i32.add (local.get $count)
          (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 64)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (local.get $count)))
