package dev.smskit.phone.pairing;

import android.content.Context;
import android.content.SharedPreferences;
import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Base64;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Keeps the credentials; the token under a key of Android's Keystore, which never leaves this device. */
public final class CredentialStore {
    private static final String KEYSTORE = "AndroidKeyStore";
    private static final String ALIAS = "smskit-token";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG_BITS = 128;

    private final SharedPreferences store;

    public CredentialStore(Context context) {
        store = context.getSharedPreferences("credentials", Context.MODE_PRIVATE);
    }

    /** Null for a phone that isn't paired, or whose key is gone: then only pairing again helps. */
    public Credentials load() {
        String deviceId = store.getString("deviceId", null);
        if (deviceId == null) {
            return null;
        }
        try {
            byte[] sealed = Base64.decode(store.getString("token", ""), Base64.NO_WRAP);
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, sealed, 0, 12));
            String token = new String(cipher.doFinal(sealed, 12, sealed.length - 12), StandardCharsets.UTF_8);
            return new Credentials(
                    deviceId, token, store.getString("webSocketUrl", ""), store.getString("server", ""),
                    store.getBoolean("revoked", false));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException gone) {
            return null;
        }
    }

    /** Whether there is a pairing whose token can't be read any more. */
    public boolean isKeyLost() {
        return store.contains("deviceId") && load() == null;
    }

    /** On the disk when this returns. */
    public void save(Credentials credentials) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key());
            byte[] iv = cipher.getIV();
            byte[] text = cipher.doFinal(credentials.deviceToken().getBytes(StandardCharsets.UTF_8));
            byte[] sealed = new byte[iv.length + text.length];
            System.arraycopy(iv, 0, sealed, 0, iv.length);
            System.arraycopy(text, 0, sealed, iv.length, text.length);
            write(credentials, Base64.encodeToString(sealed, Base64.NO_WRAP));
        } catch (GeneralSecurityException | IOException error) {
            throw new IllegalStateException("the Keystore doesn't work", error);
        }
    }

    private void write(Credentials credentials, String token) throws IOException {
        boolean isWritten = store.edit()
                .putString("deviceId", credentials.deviceId())
                .putString("token", token)
                .putString("webSocketUrl", credentials.webSocketUrl())
                .putString("server", credentials.server())
                .putBoolean("revoked", credentials.isRevoked())
                .commit();
        if (!isWritten) {
            throw new IOException("the disk is full");
        }
    }

    public void forget() {
        store.edit().clear().commit();
    }

    private static SecretKey key() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(KEYSTORE);
        keys.load(null);
        if (keys.getKey(ALIAS, null) instanceof SecretKey key) {
            return key;
        }
        KeyGenerator generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE);
        generator.init(new KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(256)
                .build());
        return generator.generateKey();
    }
}
