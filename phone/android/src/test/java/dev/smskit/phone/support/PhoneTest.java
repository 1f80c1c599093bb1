package dev.smskit.phone.support;

import dev.smskit.phone.pairing.Credentials;
import org.junit.After;
import org.junit.Before;

/** A paired phone with two SIMs and all permissions, and a server on a real socket. */
public abstract class PhoneTest extends DeviceTest {
    protected ServerDouble server;

    @Before
    public void pair() throws Exception {
        server = new ServerDouble();
        app.credentials().save(new Credentials("dvc_1", ServerDouble.TOKEN, server.socketUrl(), server.address(), false));
    }

    @After
    public void end() throws Exception {
        server.stop();
    }

    protected void connect() {
        int before = server.of("hello").size();
        serve();
        await("hello", () -> server.of("hello").size() > before);
        await("welcome", () -> app.phone().connectedSince() > 0);
    }

    /** The process ends without a word, and another begins on the same disk. */
    protected void restart() {
        app.restart();
        server.drop();
        connect();
    }
}
