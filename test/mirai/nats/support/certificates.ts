import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Certificate {
  certFile: string;
  keyFile: string;
}

export interface Authority {
  caFile: string;
  /** A certificate that it has signed. `names` as OpenSSL has them: `IP:127.0.0.1`, `DNS:localhost`. */
  sign(name: string, names?: string): Certificate;
}

/** A certificate authority of its own, in a folder. */
export function makeAuthority(folder: string, name: string): Authority {
  const path = (file: string) => join(folder, file);
  const [caFile, caKey] = [path(`${name}.pem`), path(`${name}-key.pem`)];
  const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl([...request, '-x509', '-days', '2', '-subj', `/CN=${name}`, '-keyout', caKey, '-out', caFile]);
  return {
    caFile,
    sign(subject, names = 'IP:127.0.0.1') {
      const [certFile, keyFile] = [path(`${name}-${subject}.pem`), path(`${name}-${subject}-key.pem`)];
      const [csr, extensions] = [path(`${subject}.csr`), path(`${subject}.ext`)];
      writeFileSync(extensions, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
      openssl([...request, '-subj', `/CN=${subject}`, '-keyout', keyFile, '-out', csr]);
      const signer = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions];
      openssl(['x509', '-req', '-days', '2', '-in', csr, ...signer, '-out', certFile]);
      return { certFile, keyFile };
    },
  };
}

function openssl(args: readonly string[]): void {
  try {
    execFileSync('openssl', args, { stdio: 'pipe' });
  } catch (cause) {
    throw new Error(`openssl, which these tests need, fails: ${String(cause)}`, { cause });
  }
}
