import { spawn } from "node:child_process";

/** ssh-keygen said no: its own words. */
class SshError extends Error {
  readonly code = "MG-SSH";
  override readonly name = "SshError";
}

/**
 * Signs a text as `ssh-keygen -Y sign` does and returns the SSHSIG blob in base64. `key` is a private key file, whose
 * passphrase ssh-keygen asks for on the terminal, or a .pub file whose private half the agent holds. Throws SshError.
 */
export async function sshSign(key: string, namespace: string, text: string): Promise<string> {
  const armoured = await sshKeygen(["-q", "-Y", "sign", "-n", namespace, "-f", key], text);
  const match = /^-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/.exec(armoured);
  if (match?.[1] === undefined) throw new SshError("ssh-keygen printed no signature");
  return match[1].replace(/\s/g, "");
}

function sshKeygen(args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, { stdio: ["pipe", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (cause) => reject(new SshError("ssh-keygen cannot be run: install OpenSSH", { cause })));
    child.on("close", (code) => {
      const said = Buffer.concat(err).toString("utf8").trim();
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new SshError(`ssh-keygen could not sign: ${said === "" ? `exit code ${code}` : said}`));
    });
    // a child that ends before it has read everything closes the pipe: its exit code says more than EPIPE
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
