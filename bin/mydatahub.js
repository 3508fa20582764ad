#!/usr/bin/env node
console.log(process.version, import.meta.url)
