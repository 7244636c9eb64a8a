// language.js - what the engine computes, without the system.
// SPDX-License-Identifier: BSD-2-Clause
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
print('fib', fib(22));
print([5, 3, 9, 1].sort().map(function (x) { return x * x; }).join());
print(JSON.stringify({ a: [1, 2, { b: null }], s: 'ä€\u0000"', n: 1e21, x: undefined }, null, 2));
print(JSON.stringify(JSON.parse('{"k":[1,2.5,-3e-7,true,null,"\\u00e9"]}')));
print(0.1 + 0.2, 1 / 3, 1e-7, 123456789012345680000, -0 === 0, 1 / -0, NaN, 0xff.toString(2));
print((1234.5678).toFixed(2), (0.000001234).toExponential(3), (255).toString(16), parseFloat('3.14abc'));
print(Math.sin(1), Math.pow(2, 0.5), Math.atan2(1, -1), Math.exp(1), Math.log(10), Math.floor(-1.5));
print('The quick brown fox'.replace(/(\w+) (\w+)/g, '$2 $1'), /^(a+)+b/.test('aaaaaab'), 'x,y;z'.split(/[,;]/));
print(encodeURIComponent('ä b&c'), decodeURIComponent('%E2%82%AC'), escape('ü'));
try { null.x; } catch (e) { print(e.name, e instanceof TypeError); }
try { eval('syntax error here'); } catch (e) { print(e.name); }
(function () { 'use strict'; try { undeclared = 1; } catch (e) { print(e.name); } })();
function Shape(n) { this.n = n; }
Shape.prototype.area = function () { return this.n * this.n; };
function Square(n) { Shape.call(this, n); }
Square.prototype = Object.create(Shape.prototype);
print(new Square(7).area(), new Square(1) instanceof Shape);
var o = {}; Object.defineProperty(o, 'x', { get: function () { return 42; }, enumerable: false });
print(o.x, Object.keys(o).length, Object.getOwnPropertyNames(o));
var p = new Proxy({}, { get: function (t, k) { return 'got ' + String(k); } }); print(p.anything);
var buf = new Uint8Array([1, 2, 250]); buf[2] += 10; print(buf[2], new DataView(buf.buffer).getUint16(0));
print(new TextDecoder().decode(new Uint8Array([0xe2, 0x82, 0xac])));
var co = new Duktape.Thread(function (x) { for (var i = 0; i < 3; i++) x = Duktape.Thread.yield(x * 2); return 'done'; });
print(Duktape.Thread.resume(co, 1), Duktape.Thread.resume(co, 5), Duktape.Thread.resume(co, 7), Duktape.Thread.resume(co, 0));
print(new Date(0).toISOString(), new Date(2024, 1, 29, 12).getTime(), Date.UTC(2000, 0, 1), new Date('2020-02-30T00:00:00Z').getTime());
var s = ''; for (var i = 0; i < 3000; i++) s += String.fromCharCode(65 + i % 26); print(s.length, s.lastIndexOf('Z'));
var primes = [], sieve = []; for (i = 2; primes.length < 500; i++) if (!sieve[i]) { primes.push(i); for (var j = i * i; j < 4000; j += i) sieve[j] = 1; }
print(primes[499]);
function deep(n) { return n ? 1 + deep(n - 1) : 0; }
print(deep(1000)); try { (function f() { f(); })(); } catch (e) { print(e.name); }
var garbage; for (i = 0; i < 20000; i++) garbage = { x: [i, { y: 'text ' + i }] }; Duktape.gc(); print(garbage.x[1].y);
console.log('console'); console.error('to stderr'); print(Duktape.enc('base64', 'exokernel'), Duktape.enc('jx', { a: Infinity }));
print(typeof require, Duktape.version);
throw new RangeError('the end');
