#!/usr/bin/env node
import { main } from '../dist/setup.js';

process.exitCode = await main(process.argv.slice(2));
