#!/usr/bin/env bash
# A CA and a serving certificate for the gate, for clusters without cert-manager. Keys stay in certs/out, which Git ignores.
#   certs/make.sh [--days N] [--new-ca]
# The CA is kept and used again, so that a renewal changes nothing in the registrations; --new-ca makes another one and
# leaves the old one in the bundle, so that both are trusted while the Pods change over.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077

days=397
new_ca=no
while [ $# -gt 0 ]; do
  case $1 in
    --days) days=${2:?--days needs a number}; shift 2 ;;
    --new-ca) new_ca=yes; shift ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "certs/make.sh: unknown option $1 (there are --days N and --new-ca)" >&2; exit 2 ;;
  esac
done
case $days in '' | *[!0-9]*) echo "certs/make.sh: --days needs a number, not $days" >&2; exit 2 ;; esac
command -v openssl >/dev/null || { echo "certs/make.sh: openssl is not installed" >&2; exit 2; }

# openssl tells of its progress on stderr: kept back unless it fails.
quietly() {
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said" >&2; exit 2; }
}

out=certs/out
patch=deploy/certificates/bundled/ca-bundle.yaml
service=migration-gate.migration-gate.svc
mkdir -p "$out"
[ "$new_ca" = yes ] || rm -f "$out/ca-before.crt"

if [ ! -f "$out/ca.key" ] || [ "$new_ca" = yes ]; then
  if [ -f "$out/ca.crt" ]; then cp "$out/ca.crt" "$out/ca-before.crt"; fi
  quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -sha256 \
    -subj "/CN=migration-gate-ca $(date -u +%Y-%m-%d)" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$out/ca.key" -out "$out/ca.crt"
fi

quietly openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -subj "/CN=$service" \
  -keyout "$out/tls.key" -out "$out/tls.csr"
quietly openssl x509 -req -in "$out/tls.csr" -CA "$out/ca.crt" -CAkey "$out/ca.key" -CAcreateserial -days "$days" -sha256 \
  -extfile <(printf '%s\n' "subjectAltName=DNS:$service,DNS:$service.cluster.local" \
    "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth") \
  -out "$out/tls.crt"
rm -f "$out/tls.csr"

# The patch names every entry of both registrations: kustomize joins them by name.
bundle=$({ cat "$out/ca.crt"; [ ! -f "$out/ca-before.crt" ] || cat "$out/ca-before.crt"; } | base64 | tr -d '\n')
umask 022
{
  echo "# Written by certs/make.sh. It holds public certificates only: commit it where you keep your overlay."
  for kind in Validating Mutating; do
    [ "$kind" = Validating ] || echo "---"
    printf 'apiVersion: admissionregistration.k8s.io/v1\nkind: %sWebhookConfiguration\n' "$kind"
    printf 'metadata:\n  name: migration-gate\nwebhooks:\n'
    base=deploy/base/$(echo "$kind" | tr '[:upper:]' '[:lower:]')-webhook.yaml
    sed -n 's/^  - name: \(.*\.migration-gate\.dev\)$/\1/p' "$base" | while read -r entry; do
      printf '  - name: %s\n    clientConfig: { caBundle: %s }\n' "$entry" "$bundle"
    done
  done
} >"$patch"

cat <<TEXT
Made $out/tls.crt for $service, good until $(openssl x509 -in "$out/tls.crt" -noout -enddate | cut -d= -f2), and $patch.

Hand the certificate to the cluster; running Pods take it up by themselves within a minute or two:
  kubectl -n migration-gate create secret tls migration-gate-tls --cert=$out/tls.crt --key=$out/tls.key \\
    --dry-run=client -o yaml | kubectl apply -f -

Put the CA into the registrations: in your overlay, components: [../../certificates/bundled], then
  kubectl apply -k deploy/overlays/enforce
TEXT
