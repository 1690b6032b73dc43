//! The servers do what the tests need of them.

use super::*;

#[test]
fn a_database_is_a_tests_own_and_survives_the_kill_of_its_server() {
    let test = "a_database_is_a_tests_own_and_survives_the_kill_of_its_server";
    let (Some(one), Some(other)) = (database(test), database(test)) else {
        return;
    };
    one.sql("CREATE TABLE t (n int)");
    assert_eq!(other.sql("SELECT to_regclass('t')"), "");

    let server = Postgres::start(test).expect("there is one");
    server.sql("postgres", "CREATE TABLE t AS SELECT 7 AS n");
    for how in [Stop::Killed, Stop::Asked] {
        server.stop(how);
        server.restart();
        assert_eq!(server.sql("postgres", "SELECT n FROM t"), "7", "{how:?}");
    }
}

#[test]
fn servers_end_with_their_values_and_leave_nothing() {
    let test = "servers_end_with_their_values_and_leave_nothing";
    let (Some(postgres), Some(redis)) = (Postgres::start(test), Redis::start(test)) else {
        return;
    };
    let ports = [postgres.port(), redis.port()];
    redis.stop(Stop::Killed);
    redis.restart();
    drop((postgres, redis));
    for port in ports {
        let gone = std::net::TcpStream::connect(("127.0.0.1", port));
        assert!(gone.is_err(), "{port}");
    }
}
