#!/bin/sh
# Checks what must be on the machine before anything is downloaded; one message each, with the cure.
missing=0

report() {
  printf 'make: %s\n  why:  %s\n  cure: %s\n' "$1" "$2" "$3" >&2
  missing=1
}

# newer_or_equal FOUND WANTED: compares MAJOR.MINOR numerically.
newer_or_equal() {
  [ "$1" != none ] || return 1
  found_major=${1%%.*}
  found_rest=${1#*.}
  found_minor=${found_rest%%.*}
  wanted_major=${2%%.*}
  wanted_minor=${2#*.}
  [ "$found_major" -gt "$wanted_major" ] || { [ "$found_major" -eq "$wanted_major" ] && [ "$found_minor" -ge "$wanted_minor" ]; }
}

# first_version: the first MAJOR.MINOR in standard input, or none.
first_version() {
  version=$(sed -n 's/[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | sed -n 1p)
  printf '%s' "${version:-none}"
}

found=$(node --version 2>/dev/null | first_version)
newer_or_equal "$found" 20.0 || report "Node.js 20 or newer is needed, found $found" \
  "the command line and the local lake are TypeScript" "install Node.js 24 from nodejs.org or your package manager"

command -v npm >/dev/null 2>&1 || report "npm is needed" \
  "the project's packages come from npm" "install npm (it comes with Node.js; on Debian it is the package npm)"

found=$(python3 --version 2>/dev/null | first_version)
newer_or_equal "$found" 3.10 || report "Python 3.10 or newer is needed as python3, found $found" \
  "Spark's scripts and the S3 emulator are Python" "install Python 3.11 from python.org or your package manager, with its venv module"
[ "$missing" -ne 0 ] || python3 -c 'import venv, ensurepip' 2>/dev/null || report "Python's venv module is missing" \
  "the project keeps its Python packages in an environment of its own" "on Debian and Ubuntu: apt-get install python3-venv"

java_home_version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | sed -n 1p)
[ "${java_home_version:-0}" = 17 ] || report "Java 17 is needed as java, found ${java_home_version:-none}" \
  "Spark 3.5 runs on Java 17, as on AWS Glue 5.1" "install a JDK 17 (Debian: openjdk-17-jdk-headless) and put it first on PATH"

found=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' | first_version)
newer_or_equal "$found" 3.6 || report "Maven 3.6 or newer is needed as mvn, found $found" \
  "the JARs and Trino are fetched by their Maven coordinates" "install Maven (Debian: apt-get install maven)"

found=$(terraform version 2>/dev/null | sed -n '/^.*Terraform v/p' | first_version)
newer_or_equal "$found" 1.10 || report "Terraform 1.10 or newer is needed, found $found" \
  "the lake, local ones too, is applied by Terraform; its S3 lock needs 1.10" "install Terraform from developer.hashicorp.com/terraform/install"

exit "$missing"
